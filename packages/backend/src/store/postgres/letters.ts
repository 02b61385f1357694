import { deserialize, serialize } from 'node:v8';
import type { Letter } from '../messages.ts';

/**
 * Letters as the engine writes values down. They live for seconds, and only this backend reads them:
 * what counts is that it is quick. Later engines read what earlier ones wrote.
 */
export function writeLetters(letters: readonly Letter[]): Buffer {
  return serialize(letters);
}

/** Reads what {@link writeLetters} wrote. */
export function readLetters(bytes: Uint8Array): readonly Letter[] {
  return deserialize(bytes) as readonly Letter[];
}
