import { type ErrorCode, Rejection } from '@tallystick/protocol';

/** What can go wrong outside the purse, with what a holder or developer can do about it. */
const TABLE = {
  ELEMENT_FAILED: 'the element did not answer; restart it, then look at what is pending',
  STORE_FAILED: 'the wallet could not use its own storage; free some space and try again',
  NOT_ENROLLED: 'this wallet lacks what its issuer gave it at enrolment; enrol first',
  LINK_ENDED: 'the other device ended the link; tap again',
  TIMED_OUT: 'the other device did not answer in time; tap again',
  UNEXPECTED_FRAME: 'the other device sent something that has no place here',
  TOO_MANY_FRAMES: 'the other device sent more than any exchange needs',
  DECLINED: 'the holder declined',
  PEER_REFUSED: 'the other device refused',
  BACKEND_UNREACHABLE: 'the backend did not answer; nothing is lost, ask again when online',
  BACKEND_REFUSED: 'the backend refused',
  LOAD_GIVEN_UP: 'the load was given up; what did not reach the purse goes back to the account',
} as const;

export type WalletCode = keyof typeof TABLE;

/** An expected failure: of the purse (a code of the protocol) or of the wallet around it. */
export interface WalletFailure {
  readonly code: ErrorCode | WalletCode;
  readonly message: string;
  /** What the other side gave as its code, where it was the other side that refused. */
  readonly reason?: string;
}

export type WalletResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: WalletFailure };

/** A failure of the wallet's own; its message starts with the code's meaning. */
export function failure(code: WalletCode, detail = '', reason?: string): WalletFailure {
  const message = detail === '' ? TABLE[code] : `${TABLE[code]}: ${detail}`;
  return reason === undefined ? { code, message } : { code, message, reason };
}

/** A failed result of the wallet's own. */
export function fail(
  code: WalletCode,
  detail = '',
  reason?: string,
): { readonly ok: false; readonly error: WalletFailure } {
  return { ok: false, error: failure(code, detail, reason) };
}

/**
 * Carries a failure out of the middle of a longer piece of work. It never leaves a public function:
 * {@link outcome} turns it back into a value.
 */
class Stop extends Error {
  readonly failure: WalletFailure;

  constructor(of: WalletFailure) {
    super(of.message);
    this.failure = of;
  }
}

/** Ends the work that is running with a failure. */
export function stop(of: WalletFailure): never {
  throw new Stop(of);
}

/** The value of a result, or the end of the work that is running. */
export function need<T>(result: WalletResult<T>): T {
  return result.ok ? result.value : stop(result.error);
}

/** Runs work that may stop, or that reads messages which may be rejected. */
export async function outcome<T>(run: () => Promise<T>): Promise<WalletResult<T>> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    if (error instanceof Stop) return { ok: false, error: error.failure };
    if (error instanceof Rejection) {
      return { ok: false, error: { code: error.code, message: error.message } };
    }
    throw error;
  }
}
