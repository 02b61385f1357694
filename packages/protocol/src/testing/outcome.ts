import { fromHex } from '../bytes.ts';
import { attempt } from '../result.ts';

/** Bytes of hex that a test spells out; spaces are for the reader. */
export function hex(text: string): Uint8Array {
  const bytes = fromHex(text.replaceAll(' ', ''));
  if (bytes === null) throw new TypeError(`"${text}" is not hex`);
  return bytes;
}

/** The code a function rejects with, or `OK`: one word to expect. */
export function codeOf(run: () => unknown): string {
  const outcome = attempt(run);
  return outcome.ok ? 'OK' : outcome.error.code;
}

/** The message of a rejection, or an empty text. */
export function messageOf(run: () => unknown): string {
  const outcome = attempt(run);
  return outcome.ok ? '' : outcome.error.message;
}
