/** RFC 9285 section 4.2: the characters of a QR code's alphanumeric mode, each at its value. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

const VALUES: ReadonlyMap<string, number> = new Map(
  ALPHABET.split('').map((character, value) => [character, value]),
);

/** Two bytes become three characters, a last single byte two; least significant first. */
export function encodeBase45(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = at + 1 < bytes.length;
    let rest = pair ? byteAt(bytes, at) * 256 + byteAt(bytes, at + 1) : byteAt(bytes, at);
    for (let digits = pair ? 3 : 2; digits > 0; digits--) {
      text += ALPHABET[rest % 45];
      rest = Math.floor(rest / 45);
    }
  }
  return text;
}

/**
 * The bytes, or null when the text is not what {@link encodeBase45} writes for any bytes: a character
 * outside the alphabet (lower case included), a length of 3n + 1, or a group over 65535 or 255.
 */
export function decodeBase45(text: string): Uint8Array | null {
  if (text.length % 3 === 1) return null;
  const out = new Uint8Array(Math.floor(text.length / 3) * 2 + (text.length % 3 === 2 ? 1 : 0));
  let to = 0;
  for (let at = 0; at < text.length; at += 3) {
    const group = text.slice(at, at + 3);
    const value = groupValue(group);
    if (value === null || value > (group.length === 3 ? 0xffff : 0xff)) return null;
    if (group.length === 3) out[to++] = value >> 8;
    out[to++] = value & 0xff;
  }
  return out;
}

function groupValue(group: string): number | null {
  let value = 0;
  for (let index = group.length - 1; index >= 0; index--) {
    const digit = VALUES.get(group[index] ?? '');
    if (digit === undefined) return null;
    value = value * 45 + digit;
  }
  return value;
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
