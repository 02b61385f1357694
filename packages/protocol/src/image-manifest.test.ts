import { describe, expect, test } from 'vitest';
import { ED25519, ES256, runChecking } from './algorithm.ts';
import { sha256, toHex } from './bytes.ts';
import {
  checkImage,
  decodeSignedImage,
  encodeSignedImage,
  type ImageManifest,
  type SignedImage,
  unsignedManifest,
} from './image-manifest.ts';
import { LIMITS } from './limits.ts';
import { softwareVerify } from './software.ts';
import { codeOf } from './testing/outcome.ts';
import { sign, type Signer, signerOf } from './vectors/signer.ts';

const code = new TextEncoder().encode('var tallystick = { call: (bytes) => bytes };');

function imageBy(
  publisher: Signer,
  change: Partial<ImageManifest> = {},
  under: Signer = publisher,
): SignedImage {
  const manifest = { version: 3, size: code.length, sha256: sha256(code), ...change };
  return { manifest: sign(unsignedManifest(manifest, under.key), publisher), code };
}

const check = (image: SignedImage, publisher: Signer): ImageManifest =>
  runChecking(checkImage(image, publisher.key), softwareVerify);

describe.each([ES256, ED25519] as const)('an image by a publisher with algorithm %i', (alg) => {
  const publisher = signerOf('publisher', alg);
  const other = signerOf('another publisher', alg);
  const image = imageBy(publisher);

  test('is what its manifest says (TS-IMG-2)', () => {
    const manifest = check(image, publisher);
    expect({ ...manifest, sha256: toHex(manifest.sha256) }).toEqual({
      version: 3,
      size: code.length,
      sha256: toHex(sha256(code)),
    });
  });

  test('comes back from its file', () => {
    expect(decodeSignedImage(encodeSignedImage(image))).toEqual(image);
  });

  test('is refused with any byte changed, dropped or added (TS-IMG-2)', () => {
    for (const at of code.keys()) {
      const changed = code.with(at, (code[at] ?? 0) ^ 1);
      expect(codeOf(() => check({ ...image, code: changed }, publisher))).toBe('IMAGE_DIFFERS');
    }
    for (const changed of [code.slice(1), code.slice(0, -1), Uint8Array.from([...code, 0x20])]) {
      expect(codeOf(() => check({ ...image, code: changed }, publisher))).toBe('IMAGE_DIFFERS');
    }
  });

  test('is refused when its manifest names another length (TS-IMG-2)', () => {
    const lying = imageBy(publisher, { size: code.length + 1 });
    expect(codeOf(() => check(lying, publisher))).toBe('IMAGE_DIFFERS');
  });

  test('is refused for another publisher, whichever name it bears (TS-IMG-2)', () => {
    expect(codeOf(() => check(image, other))).toBe('UNKNOWN_ISSUER');
    expect(codeOf(() => check(imageBy(other, {}, publisher), publisher))).toBe('BAD_SIGNATURE');
  });

  test('is refused for its publisher before it is for its content', () => {
    const wrong = { ...imageBy(other), code: code.slice(1) };
    expect(codeOf(() => check(wrong, publisher))).toBe('UNKNOWN_ISSUER');
    const forged = { ...imageBy(other, {}, publisher), code: code.slice(1) };
    expect(codeOf(() => check(forged, publisher))).toBe('BAD_SIGNATURE');
  });
});

test('an image may be as long as the limit, and no longer', () => {
  const publisher = signerOf('publisher');
  const longest = { ...imageBy(publisher), code: new Uint8Array(LIMITS.imageBytes) };
  expect(decodeSignedImage(encodeSignedImage(longest)).code.length).toBe(LIMITS.imageBytes);
  const longer = encodeSignedImage({ ...longest, code: new Uint8Array(LIMITS.imageBytes + 1) });
  expect(codeOf(() => decodeSignedImage(longer))).toBe('BAD_FIELD');
});
