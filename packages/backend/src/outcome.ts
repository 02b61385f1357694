import { type ErrorCode, failureMessage, isErrorCode } from '@tallystick/protocol';

/** Expected refusals that only a backend gives; the rest are the protocol's codes. */
const BACKEND_CODES = {
  UNKNOWN_PARTICIPANT: 'no participant of this scheme has that code',
  UNKNOWN_ACCOUNT: 'the participant keeps no such account',
  ACCOUNT_EXISTS: 'the participant keeps an account of that name already',
  UNKNOWN_PURSE: 'no purse has that id',
  UNKNOWN_IMAGE: 'no image of that version is registered',
  BUSY: 'too many uploads are waiting; try again in a few seconds',
} as const;

export type BackendCode = ErrorCode | keyof typeof BACKEND_CODES;

/** A refusal with a stable code; the message says what to do. */
export interface Refused {
  readonly code: BackendCode;
  readonly message: string;
}

/** Expected outcomes are values; the protocol's `Result` is one of them. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Refused };

/** A refusal; `detail` says what was wrong here. */
export function refuse(code: BackendCode, detail = ''): { ok: false; error: Refused } {
  if (isErrorCode(code))
    return { ok: false, error: { code, message: failureMessage(code, detail) } };
  const says = BACKEND_CODES[code];
  return { ok: false, error: { code, message: detail === '' ? says : `${says}: ${detail}` } };
}

export function accept<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}
