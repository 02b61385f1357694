import { sha256 } from '@noble/hashes/sha2.js';
import type { Bytes } from './bytes.ts';

/** SHA-256 of the parts one after another, in plain JavaScript: for every engine but Node. */
export function hashParts(parts: readonly Bytes[]): Bytes {
  const state = sha256.create();
  for (const part of parts) state.update(part);
  return state.digest();
}
