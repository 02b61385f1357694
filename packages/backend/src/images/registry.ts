import {
  type Bytes,
  type Codec,
  blob,
  decodeBody,
  decodePayload,
  decodeSigned,
  encodeBody,
  equal,
  type ImageManifest,
  imageManifest,
  LIMITS,
  type Measurement,
  NO_END,
  type Seconds,
  seconds,
  type SignedImage,
  toHex,
  tuple,
} from '@tallystick/protocol';
import type { Shelf } from '../authority/shelf.ts';

/** An image of the scheme's publisher, as it is known here (TS-IMG-5). */
export interface RegisteredImage extends ImageManifest {
  /** COSE_Sign1 of the manifest, by the publisher. */
  readonly wire: Bytes;
  readonly registeredAt: Seconds;
  readonly withdrawnAt: Seconds | null;
}

/** The images of a scheme. What is in it never changes: images come, and are withdrawn for good. */
export interface ImageRegistry {
  /** Oldest version first. */
  list(): Promise<readonly RegisteredImage[]>;
  /** The code with that SHA-256, or null. */
  code(sha256: Bytes): Promise<Bytes | null>;
  /** Adds an image that has been verified; false where its version is another image already. */
  add(image: SignedImage, manifest: ImageManifest, now: Seconds): Promise<boolean>;
  withdraw(version: number, now: Seconds): Promise<void>;
}

interface Entry {
  readonly manifest: Bytes;
  readonly registeredAt: Seconds;
}

const entry: Codec<Entry> = tuple<Entry>({
  manifest: blob(LIMITS.messageBytes),
  registeredAt: seconds,
});
const withdrawal: Codec<{ readonly at: Seconds }> = tuple<{ readonly at: Seconds }>({
  at: seconds,
});

const ENTRIES = 'image/';
const CODES = 'image-code/';
const WITHDRAWALS = 'image-withdrawal/';

export function createImageRegistry(shelf: Shelf): ImageRegistry {
  async function withdrawnAt(version: number): Promise<Seconds | null> {
    const found = await shelf.get(placeOf(WITHDRAWALS, version));
    return found === null ? null : decodeBody(withdrawal, found).at;
  }
  return {
    list: async () => {
      const entries = await shelf.list(ENTRIES);
      return Promise.all(
        entries.map(async (found) => {
          const { manifest: wire, registeredAt } = decodeBody(entry, found);
          const manifest = readManifest(wire);
          const gone = await withdrawnAt(manifest.version);
          return { ...manifest, wire, registeredAt, withdrawnAt: gone };
        }),
      );
    },
    code: (sha256) => shelf.get(`${CODES}${toHex(sha256)}`),
    add: async ({ manifest: wire, code }, { version, sha256 }, now) => {
      // Before it is listed, so that whoever finds it listed finds its code.
      await shelf.putIfAbsent(`${CODES}${toHex(sha256)}`, code);
      const made = encodeBody(entry, { manifest: wire, registeredAt: now });
      const there = await shelf.putIfAbsent(placeOf(ENTRIES, version), made);
      return equal(readManifest(decodeBody(entry, there).manifest).sha256, sha256);
    },
    withdraw: async (version, now) => {
      await shelf.putIfAbsent(placeOf(WITHDRAWALS, version), encodeBody(withdrawal, { at: now }));
    },
  };
}

/** Versions have three digits, so that their names are in their order. */
function placeOf(prefix: string, version: number): string {
  return `${prefix}${String(version).padStart(3, '0')}`;
}

function readManifest(wire: Bytes): ImageManifest {
  return decodePayload(decodeSigned(wire).payload, imageManifest, 'image manifest');
}

/**
 * Until when an image is accepted, among all that are registered (TS-IMG-5); null once it is withdrawn. A
 * function of what is registered alone, so that nothing needs to be done when a time has come.
 */
export function acceptedUntil(
  image: RegisteredImage,
  images: readonly RegisteredImage[],
  supersededSeconds: number,
): Seconds | null {
  if (image.withdrawnAt !== null) return null;
  const successor = images.find(
    ({ version, withdrawnAt }) => version > image.version && withdrawnAt === null,
  );
  if (successor === undefined) return NO_END;
  return Math.min(successor.registeredAt + supersededSeconds, NO_END);
}

/** The rows of the policy's measurement registry. */
export function measurementRows(
  images: readonly RegisteredImage[],
  supersededSeconds: number,
): Measurement[] {
  const rows = images.flatMap((image) => {
    const end = acceptedUntil(image, images, supersededSeconds);
    if (end === null) return [];
    return [{ index: image.version, sha256: image.sha256, acceptedUntil: end }];
  });
  return rows.slice(-LIMITS.measurements);
}
