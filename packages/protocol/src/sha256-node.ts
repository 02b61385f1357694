import { createHash, hash } from 'node:crypto';
import type { Bytes } from './bytes.ts';

/**
 * SHA-256 of the parts one after another, natively: package.json puts this in the place of
 * `sha256.ts` where Node runs it. The one module here that knows Node; it reads bytes, and nothing else.
 */
export function hashParts(parts: readonly Bytes[]): Bytes {
  const [first, second] = parts;
  if (first !== undefined && second === undefined) return read(hash('sha256', first, 'binary'));
  const state = createHash('sha256');
  for (const part of parts) state.update(part);
  return read(state.digest('binary'));
}

/** One character a byte: a Buffer costs more to make and to clear away than all of the hashing. */
function read(digest: string): Bytes {
  const bytes = new Uint8Array(digest.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = digest.charCodeAt(index);
  return bytes;
}
