import type { Books } from './books.ts';
import type { PaymentFindings } from './findings.ts';
import { type ReadRefund, readRefunds } from './lost.ts';

/** What is known of the whole ledger when its shards are compared, some at a time. */
export interface Rulings {
  /** By id. */
  readonly payments: ReadonlyMap<string, PaymentFindings>;
  /** Purses that a proof convicts. */
  readonly culprits: ReadonlySet<string>;
  /** Version of the first list that revoked each certificate. */
  readonly revoked: ReadonlyMap<string, number>;
  readonly refunds: readonly ReadRefund[];
  readonly pending: Pending;
}

/** Subjects that messages under way will still change: a payment, or a whole purse. */
export interface Pending {
  readonly payments: ReadonlySet<string>;
  readonly purses: ReadonlySet<string>;
}

export function ruleOn(
  books: Books,
  payments: Rulings['payments'],
  culprits: Rulings['culprits'],
): Rulings {
  return {
    payments,
    culprits,
    revoked: revokedVersions(books),
    refunds: readRefunds(books),
    pending: pendingIn(books),
  };
}

function revokedVersions({ decisions }: Books): Map<string, number> {
  return new Map(
    decisions
      .filter(({ kind }) => kind === 'revocation')
      .map(({ cause, version }) => [cause, version]),
  );
}

function pendingIn({ undelivered }: Books): Pending {
  const payments = new Set<string>();
  const purses = new Set<string>();
  for (const { from, to, message } of undelivered) {
    // The rail changes nothing here; everything else changes its addressee, or its sender.
    if (message.kind === 'credit') continue;
    if ('payment' in message) payments.add(message.payment);
    purses.add(to);
    if (message.kind === 'revoke') purses.add(from);
  }
  return { payments, purses };
}
