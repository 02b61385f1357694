import type { Message, OutboxRow } from '../store/messages.ts';
import type { Context } from './context.ts';

/** A credit that the rail has to carry out, idempotent by `payment`. */
export type CreditOrder = Extract<Message, { readonly kind: 'credit' }>;

/** Applies messages that have one addressee, in one transaction of that addressee. Repeatable. */
export function deliver(
  _rows: readonly OutboxRow[],
  _context: Context,
  _credit: (order: CreditOrder) => Promise<void>,
): Promise<void> {
  throw new Error('in the making');
}

/** Delivers and acknowledges until the outbox is empty; returns how many messages there were. */
export function settle(
  _context: Context,
  _credit: (order: CreditOrder) => Promise<void>,
): Promise<number> {
  throw new Error('in the making');
}
