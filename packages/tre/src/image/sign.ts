import { createPrivateKey, type KeyObject } from 'node:crypto';
import {
  encodeSigned,
  err,
  ok,
  type PublicKey,
  type Result,
  type SignedImage,
  toBeSigned,
  unsignedManifest,
} from '@tallystick/protocol';
import { nativeSign, publicHalf } from '../node/native-crypto.ts';
import type { TrustedAppImage } from './bundle.ts';

/** A publisher's private key with its public half. */
export interface PublisherKey {
  readonly key: KeyObject;
  readonly half: PublicKey;
}

/** Reads a publisher's key from PEM. Fails with BAD_FIELD unless it is a P-256 or Ed25519 private key. */
export function readPublisherKey(pem: string): Result<PublisherKey> {
  const wrong = err('BAD_FIELD', 'it is no private key in PEM, of P-256 or Ed25519');
  try {
    const key = createPrivateKey(pem);
    const curve = key.asymmetricKeyDetails?.namedCurve;
    const isKnown = key.asymmetricKeyType === 'ed25519' || curve === 'prime256v1';
    return isKnown ? ok({ key, half: publicHalf(key) }) : wrong;
  } catch {
    return wrong;
  }
}

/** Signs an image as one of a publisher's versions (TS-IMG-1). */
export function signImage(
  { code, measurement }: TrustedAppImage,
  version: number,
  { key, half }: PublisherKey,
): SignedImage {
  const manifest = { version, size: code.length, sha256: measurement };
  const message = unsignedManifest(manifest, half);
  const signature = nativeSign(key, toBeSigned(message));
  return { manifest: encodeSigned({ ...message, signature }), code };
}
