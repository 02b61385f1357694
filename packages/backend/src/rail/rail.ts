import type { Currency } from '@tallystick/protocol';
import type { Outcome } from '../outcome.ts';
import type { Page } from '../store/port.ts';

/** Where a holder's online money is kept. */
export interface AccountName {
  readonly participant: string;
  readonly account: string;
}

export interface Account extends AccountName {
  readonly currency: Currency;
  /** Minor units. */
  readonly balance: bigint;
  /** The display name of a merchant's acceptance point; null for a person's account. */
  readonly acceptancePoint: string | null;
}

/** One movement between an account and the participant's reserve. */
export interface Movement extends AccountName {
  /** Makes it idempotent: a movement that comes again under its key has no second effect. */
  readonly key: string;
  readonly currency: Currency;
  /** Minor units, positive. */
  readonly amount: bigint;
}

export interface RecordedMovement extends Movement {
  readonly direction: 'debit' | 'credit';
}

/** The online payment system that the participants' accounts live in. */
export interface Rail {
  /** Errors: ACCOUNT_EXISTS. */
  open(account: Account): Promise<Outcome<Account>>;
  account(name: AccountName): Promise<Account | null>;
  accounts(after: string, limit: number): Promise<Page<Account>>;
  /** Takes money from an account into reserve. Errors: UNKNOWN_ACCOUNT, WRONG_CURRENCY, INSUFFICIENT_FUNDS. */
  debit(movement: Movement): Promise<Outcome<null>>;
  /** Gives money from reserve to an account. Errors: UNKNOWN_ACCOUNT, WRONG_CURRENCY. */
  credit(movement: Movement): Promise<Outcome<null>>;
  movements(after: string, limit: number): Promise<Page<RecordedMovement>>;
}
