import type { Bytes } from './bytes.ts';

/** Length of a text in UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const point = text.codePointAt(at) ?? 0;
    length += pointLength(point);
    at += unitsOf(point);
  }
  return length;
}

function pointLength(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

/** UTF-16 units of a code point: walking a text by them makes no string of each character. */
function unitsOf(point: number): number {
  return point < 0x10000 ? 1 : 2;
}

/** Writes a text as UTF-8 into `out` from `at`; throws for half a surrogate pair. */
export function writeUtf8(text: string, out: Bytes, at: number): void {
  let to = at;
  for (let from = 0; from < text.length; ) {
    const point = text.codePointAt(from) ?? 0;
    const length = pointLength(point);
    if (point >= 0xd800 && point <= 0xdfff) throw new TypeError('text has half a surrogate pair');
    if (length === 1) out[to] = point;
    else out[to] = (LEAD[length] ?? 0) | (point >> (6 * (length - 1)));
    for (let rest = length - 2; rest >= 0; rest--) {
      out[to + length - 1 - rest] = 0x80 | ((point >> (6 * rest)) & 0x3f);
    }
    to += length;
    from += unitsOf(point);
  }
}

/** High bits of the first byte, by the length of the sequence. */
const LEAD = [0, 0, 0xc0, 0xe0, 0xf0];
/** Least code point by the length of the sequence: a smaller one is an overlong form. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000];

/**
 * Reads UTF-8 strictly (RFC 3629), or gives null: no overlong forms, surrogates or points past
 * U+10FFFF. Engines without TextDecoder run this too, and must agree on what is refused.
 */
export function readUtf8(bytes: Bytes): string | null {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = sequenceLength(lead);
    if (length === 0 || at + length > bytes.length) return null;
    let point = length === 1 ? lead : lead & (0x7f >> length);
    for (let index = 1; index < length; index++) {
      const next = bytes[at + index] ?? 0;
      if (next >> 6 !== 2) return null;
      point = (point << 6) | (next & 0x3f);
    }
    const surrogate = point >= 0xd800 && point <= 0xdfff;
    if (point < (LEAST[length] ?? 0) || point > 0x10ffff || surrogate) return null;
    text += String.fromCodePoint(point);
    at += length;
  }
  return text;
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >> 5 === 6) return 2;
  if (lead >> 4 === 14) return 3;
  return lead >> 3 === 30 ? 4 : 0;
}
