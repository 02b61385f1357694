import { randomBytes } from 'node:crypto';
import {
  type Bytes,
  decodeEntry,
  decodeUpload,
  encodeEntry,
  encodeUpload,
  SALT_BYTES,
} from '@tallystick/protocol';

const SIGNATURE_BYTES = 64;

/** As many as wanted, each made anew. */
export function repeat(count: number, make: () => Bytes): Bytes[] {
  return Array.from({ length: count }, make);
}

/** A genuine upload whose statement somebody else signed: its signature has to be verified to be refused. */
export function forged(upload: Bytes): Bytes {
  const { statement, ...rest } = decodeUpload(upload);
  const signature = randomBytes(SIGNATURE_BYTES);
  // A small s: a large one would be refused before anything is verified.
  signature[SIGNATURE_BYTES / 2] = 1;
  signature[0] = 1;
  const wrong = statement.slice();
  wrong.set(signature, wrong.length - SIGNATURE_BYTES);
  return encodeUpload({ ...rest, statement: wrong });
}

/** A genuine statement with entries of its log that say something else: what leads up to it is missing. */
export function unproven(upload: Bytes, count: number): Bytes {
  const { entries, ...rest } = decodeUpload(upload);
  const [first, own] = [entries.at(-2), entries.at(-1)];
  if (first === undefined || own === undefined) throw new Error('there is nothing to change');
  const made = repeat(count, () => withAnySalt(first));
  return encodeUpload({ ...rest, entries: [...made, own] });
}

/** A genuine statement whose own entry has another salt: its signature covers the record, and not the salt. */
export function resalted(upload: Bytes): Bytes {
  const { entries, ...rest } = decodeUpload(upload);
  const own = entries.at(-1);
  if (own === undefined) throw new Error('there is nothing to change');
  return encodeUpload({ ...rest, entries: [withAnySalt(own)] });
}

function withAnySalt(entry: Bytes): Bytes {
  return encodeEntry({ ...decodeEntry(entry), salt: randomBytes(SALT_BYTES) });
}
