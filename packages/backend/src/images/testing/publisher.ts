import {
  type Bytes,
  encodeCbor,
  encodeSigned,
  ES256,
  type PublicKey,
  sha256,
  type SignedImage,
  toBeSigned,
  unsignedManifest,
} from '@tallystick/protocol';
import { softwarePublicKey, softwareSign } from '@tallystick/protocol/software';

const SECRET: Bytes = sha256(encodeCbor('publisher'));

/** Whose images the schemes of these tests register. */
export const PUBLISHER: { readonly name: string; readonly key: PublicKey } = {
  name: 'Publisher',
  key: softwarePublicKey(ES256, SECRET),
};

/** What stands for the code of a version. */
export function codeOfVersion(version: number): Bytes {
  return encodeCbor(['image', version]);
}

/** Code as a version of the publisher; `secret` signs in its name. */
export function imageOf(
  version: number,
  code: Bytes = codeOfVersion(version),
  secret: Bytes = SECRET,
): SignedImage {
  const manifest = { version, size: code.length, sha256: sha256(code) };
  const message = unsignedManifest(manifest, PUBLISHER.key);
  const signature = softwareSign(ES256, secret, toBeSigned(message));
  return { manifest: encodeSigned({ ...message, signature }), code };
}
