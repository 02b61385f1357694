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
import { bundleTrustedApp } from '../image/bundle.ts';

const SECRET: Bytes = sha256(encodeCbor('publisher of the tests'));

/** Whose images the environments of tests run. */
export const TEST_PUBLISHER: PublicKey = softwarePublicKey(ES256, SECRET);

/** Code, signed by the publisher of the tests as some version. */
export function signCode(code: Bytes, version = 1): SignedImage {
  const manifest = { version, size: code.length, sha256: sha256(code) };
  const message = unsignedManifest(manifest, TEST_PUBLISHER);
  const signature = softwareSign(ES256, SECRET, toBeSigned(message));
  return { manifest: encodeSigned({ ...message, signature }), code };
}

let bundled: Promise<SignedImage> | null = null;

/** The real trusted application, as the first version of the publisher of the tests. */
export function testImage(): Promise<SignedImage> {
  bundled ??= bundleTrustedApp().then(({ code }) => signCode(code));
  return bundled;
}
