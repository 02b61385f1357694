import { type Message, type OutboxRow, TO_LIST, TO_RAIL } from '../store/messages.ts';
import type { Context } from './context.ts';
import { receive } from './receive.ts';
import { revoke } from './revocations.ts';

/** A credit that the rail has to carry out, idempotent by `payment`. */
export type CreditOrder = Extract<Message, { readonly kind: 'credit' }>;
type Credit = (order: CreditOrder) => Promise<void>;

const BATCH = 500;

/** Delivers and acknowledges until the outbox is empty; returns how many messages there were. */
export async function settle(context: Context, credit: Credit): Promise<number> {
  let delivered = 0;
  for (;;) {
    const rows = await context.store.outbox(BATCH);
    if (rows.length === 0) return delivered;
    const byAddressee = new Map<string, OutboxRow[]>();
    for (const row of rows) byAddressee.set(row.to, [...(byAddressee.get(row.to) ?? []), row]);
    for (const group of byAddressee.values()) {
      await deliver(group, context, credit);
      await context.store.acknowledge(group);
    }
    delivered += rows.length;
  }
}

/** Applies messages that have one addressee, in one transaction of that addressee. Repeatable. */
export async function deliver(
  rows: readonly OutboxRow[],
  context: Context,
  credit: Credit,
): Promise<void> {
  const to = rows[0]?.to;
  if (to === undefined) return;
  if (rows.some((row) => row.to !== to)) throw new Error('messages to different addressees');
  if (to === TO_RAIL) {
    for (const { message } of rows) if (message.kind === 'credit') await credit(message);
  } else if (to === TO_LIST) {
    await revoke([...new Set(rows.map(({ from }) => from))], 'fork', context);
  } else {
    await receive(
      to,
      rows.map(({ message }) => message),
      context,
    );
  }
}
