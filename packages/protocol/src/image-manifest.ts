import type { Checking, PublicKey } from './algorithm.ts';
import { type Bytes, equal, sha256 } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { blob, type Codec, fixed, tagged, tuple, uint } from './codec.ts';
import { checkSignature, decodeSigned, NO_EXTERNAL, type Unsigned } from './cose.ts';
import { keyRef } from './enrolment.ts';
import { LIMITS } from './limits.ts';
import { RECORD } from './record.ts';
import { decodePayload } from './records.ts';
import { demand } from './result.ts';

/** What a publisher says about one image of the trusted application (TS-IMG-1). */
export interface ImageManifest {
  /** Grows from image to image. */
  readonly version: number;
  /** Length of the image in bytes. */
  readonly size: number;
  /** SHA-256 of the image: its measurement. */
  readonly sha256: Bytes;
}

/** An image as it travels and as an environment keeps it (TS-IMG-1). */
export interface SignedImage {
  /** COSE_Sign1 of the manifest, by the publisher. */
  readonly manifest: Bytes;
  /** The image itself: a script in ASCII. */
  readonly code: Bytes;
}

export const imageManifest: Codec<ImageManifest> = tagged<ImageManifest>(RECORD.imageManifest, {
  version: uint(LIMITS.imageVersion, 1),
  size: uint(LIMITS.imageBytes, 1),
  sha256: fixed(32),
});

const signedImage: Codec<SignedImage> = tuple<SignedImage>({
  manifest: blob(LIMITS.messageBytes),
  code: blob(LIMITS.imageBytes, 1),
});

/** Manifest, image, and the heads of both. */
const SIGNED_IMAGE_BYTES = LIMITS.messageBytes + LIMITS.imageBytes + 16;

/** Writes an image with its manifest, as it travels and lies in files. */
export function encodeSignedImage(image: SignedImage): Bytes {
  return encodeCbor(signedImage.encode(image));
}

/** Reads an image with its manifest; nothing is verified. Rejects with the decoding codes. */
export function decodeSignedImage(bytes: Bytes): SignedImage {
  return signedImage.decode(decodeCbor(bytes, SIGNED_IMAGE_BYTES), 'image');
}

/** What the publisher signs. */
export function unsignedManifest(manifest: ImageManifest, publisher: PublicKey): Unsigned {
  return {
    alg: publisher.alg,
    kid: keyRef(publisher),
    external: NO_EXTERNAL,
    payload: encodeCbor(imageManifest.encode(manifest)),
  };
}

/** A manifest that the publisher has signed. Rejects: UNKNOWN_ISSUER, and what signatures give. */
export function* checkManifest(bytes: Bytes, publisher: PublicKey): Checking<ImageManifest> {
  const signed = decodeSigned(bytes);
  const manifest = decodePayload(signed.payload, imageManifest, 'image manifest');
  demand(equal(signed.kid, keyRef(publisher)), 'UNKNOWN_ISSUER', 'another publisher signed it');
  yield* checkSignature(signed, publisher);
  return manifest;
}

/**
 * An image that the publisher has signed, to the byte; before this nothing of it may run (TS-IMG-2).
 * Rejects: those of {@link checkManifest}, IMAGE_DIFFERS.
 */
export function* checkImage(
  { manifest, code }: SignedImage,
  publisher: PublicKey,
): Checking<ImageManifest> {
  const checked = yield* checkManifest(manifest, publisher);
  checkContent(code, checked);
  return checked;
}

/** That an image is the one a manifest names, to the byte. Rejects: IMAGE_DIFFERS. */
export function checkContent(code: Bytes, { version, size, sha256: named }: ImageManifest): void {
  const isNamed = code.length === size && equal(sha256(code), named);
  demand(isNamed, 'IMAGE_DIFFERS', `version ${version}`);
}
