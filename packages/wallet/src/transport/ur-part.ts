import {
  attempt,
  blob,
  type Codec,
  decodeCbor,
  encodeCbor,
  tuple,
  uint,
} from '@tallystick/protocol';
import { decodeBytewords, encodeBytewords } from './bytewords.ts';
import type { Part } from './fountain.ts';

/**
 * A multipart uniform resource (BCR-2020-005) of our own type, all in capitals so that a QR code
 * holds it in alphanumeric mode: `UR:TALLYSTICK/<number>-<parts>/<bytewords>`. Its payload is a
 * frame, which is CBOR as a resource must be.
 */
export const UR_PREFIX = 'UR:TALLYSTICK/';

/** The longest text a QR code can hold: version 40, level L, alphanumeric. */
export const TEXT_CHARACTERS_MAX = 4_296;

const UINT32_MAX = 0xffffffff;

const part: Codec<Part> = tuple({
  number: uint(UINT32_MAX, 1),
  parts: uint(UINT32_MAX, 1),
  messageBytes: uint(UINT32_MAX, 1),
  checksum: uint(UINT32_MAX),
  fragment: blob(TEXT_CHARACTERS_MAX / 2, 1),
});

export function encodePart(value: Part): string {
  const body = encodeBytewords(encodeCbor(part.encode(value)));
  return `${UR_PREFIX}${value.number}-${value.parts}/${body}`;
}

/**
 * The part, or null when the text is not exactly what {@link encodePart} writes for some part whose
 * fragments fit its message. Whether the message is small enough to collect is for the caller.
 */
export function decodePart(text: string): Part | null {
  if (!text.startsWith(UR_PREFIX)) return null;
  const [label, words, ...more] = text.slice(UR_PREFIX.length).split('/');
  if (words === undefined || more.length > 0) return null;
  const body = decodeBytewords(words);
  if (body === null) return null;
  const decoded = attempt(() => part.decode(decodeCbor(body), 'part'));
  if (!decoded.ok) return null;
  const { number, parts, messageBytes, fragment } = decoded.value;
  if (label !== `${number}-${parts}`) return null;
  // A message fills all its fragments but for the padding of the last one.
  const room = parts * fragment.length;
  const fits = messageBytes <= room && messageBytes > room - fragment.length;
  return fits ? decoded.value : null;
}
