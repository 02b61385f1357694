import { hashParts } from '#sha256';

export type Bytes = Uint8Array;

/** SHA-256 (FIPS 180-4), 32 bytes. */
export function sha256(...parts: readonly Bytes[]): Bytes {
  return hashParts(parts);
}

/** The parts one after another, in new bytes. */
export function concat(...parts: readonly Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Equality of public byte strings. Not constant-time: never use it on secrets. */
export function equal(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/** Equality in a time that depends on the length alone, for tags and PIN hashes. */
export function equalSecret(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}

/** Character codes of the hex digits. */
const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Two codes for each, as many as one call takes as arguments on every engine. */
const BYTES_AT_ONCE = 2_048;
/** Ids and references are made into hex all the time: the codes of each length have a place of their own. */
const NAME_BYTES = 32;
const names: number[][] = [];

/**
 * Lower-case hex; also how bytes become map keys. Made of codes at once: a string that is put together
 * of pieces is put in order only when it is first looked up, which costs more than making it.
 */
export function toHex(bytes: Bytes): string {
  if (bytes.length > BYTES_AT_ONCE) {
    const middle = bytes.length >> 1;
    return toHex(bytes.subarray(0, middle)) + toHex(bytes.subarray(middle));
  }
  const codes: number[] = bytes.length <= NAME_BYTES ? (names[bytes.length] ??= []) : [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    codes[2 * at] = HEX[byte >> 4] ?? 0;
    codes[2 * at + 1] = HEX[byte & 15] ?? 0;
  }
  // Spreading the codes would copy them once more.
  return String.fromCharCode.apply(null, codes);
}

/** The value of a hex digit by its character code; -1 for any other character. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return /[0-9a-fA-F]/.test(character) ? Number.parseInt(character, 16) : -1;
});

/** Bytes of a hex string of either case, or null when it is not one. */
export function fromHex(text: string): Bytes | null {
  if (text.length % 2 !== 0) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    const high = DIGITS[text.charCodeAt(2 * at)] ?? -1;
    const low = DIGITS[text.charCodeAt(2 * at + 1)] ?? -1;
    if (high < 0 || low < 0) return null;
    bytes[at] = (high << 4) | low;
  }
  return bytes;
}
