import {
  type Bytes,
  blob,
  type Codec,
  type ErrorCode,
  fixed,
  label,
  LIMITS,
  member,
} from '@tallystick/protocol';
import { codeField } from '../image/fields.ts';

/** What every element says that is not in the app's own engine, whatever lies between the two. */

export interface OpenedResponse {
  readonly kind: 0;
  readonly measurement: Bytes;
}
export interface RefusedResponse {
  readonly kind: 1;
  readonly code: ErrorCode;
  readonly message: string;
}
export interface ReplyResponse {
  readonly kind: 3;
  readonly reply: Bytes;
}

/** The last word of an element that cannot go on. */
export interface GoneResponse {
  readonly kind: 4;
  readonly message: string;
}

/** Words that a label may have: what a thrown thing says may be anything. */
const UNPRINTABLE = /[\p{C}\p{Z}]+/gu;
const WORDS_MAX = 200;

/** What an element says of whatever ends it. */
export function lastWords(error: unknown): GoneResponse {
  const message = String(error).slice(0, WORDS_MAX).replace(UNPRINTABLE, ' ').trim();
  return { kind: 4, message: message === '' ? 'for no reason' : message };
}

export const opened: Codec<OpenedResponse> = member<OpenedResponse>(0, { measurement: fixed(32) });
export const refused: Codec<RefusedResponse> = member<RefusedResponse>(1, {
  code: codeField,
  message: label(1_024),
});
export const reply: Codec<ReplyResponse> = member<ReplyResponse>(3, {
  reply: blob(LIMITS.frameBytes),
});
export const gone: Codec<GoneResponse> = member<GoneResponse>(4, { message: label(1_024) });
