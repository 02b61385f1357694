import { type ErrorCode, failureMessage, isErrorCode } from '@tallystick/protocol';

/** Expected refusals that only a backend gives; the rest are the protocol's codes. */
const BACKEND_CODES = {
  UNKNOWN_PARTICIPANT: 'no participant of this scheme has that code',
  UNKNOWN_ACCOUNT: 'the participant keeps no such account',
  ACCOUNT_EXISTS: 'the participant keeps an account of that name already',
  UNKNOWN_PURSE: 'no purse has that id',
  UNKNOWN_IMAGE: 'no image of that version is registered',
  POLICY_REFUSED: 'the policy cannot be so; change what is named',
  POLICY_SAME: 'the policy in force says that already; there is nothing to sign',
  POLICY_MOVED: 'another policy has come into force meanwhile; compare with that one',
  SIGN_IN_REFUSED: 'the passkey does not sign anybody in; try again, or use another one',
  INVITATION_REFUSED: 'the invitation is not known, was used, or has expired; ask for another one',
  UNKNOWN_MEMBER: 'no member of staff has that id',
  UNKNOWN_PASSKEY: 'no member of staff has that passkey',
  PASSKEY_EXISTS: 'that passkey is registered already; sign in with it',
  LAST_PASSKEY: 'nobody could sign in with it gone; register another passkey first',
  STAFF_FULL: 'no more fit; remove one that is not needed any more',
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
