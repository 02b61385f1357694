import { type Message, type OutboxRow, TO_LIST, TO_RAIL } from '../store/messages.ts';
import type { Context } from './context.ts';
import { receive } from './receive.ts';
import { revoke } from './revocations.ts';

/** A credit that the rail has to carry out, idempotent by `payment`. */
export type CreditOrder = Extract<Message, { readonly kind: 'credit' }>;
type Credit = (order: CreditOrder) => Promise<void>;

const BATCH = 500;
/** Shards that are delivered to at once. */
const WIDTH = 8;

/** Delivers and acknowledges until the outbox is empty; returns how many messages there were. */
export async function settle(context: Context, credit: Credit): Promise<number> {
  let delivered = 0;
  for (;;) {
    const rows = await context.store.outbox(BATCH);
    if (rows.length === 0) return delivered;
    const byAddressee = new Map<string, OutboxRow[]>();
    for (const row of rows) byAddressee.set(row.to, [...(byAddressee.get(row.to) ?? []), row]);
    await sideBySide([...byAddressee.values()], async (group) => {
      await deliver(group, context, credit);
      await context.store.acknowledge(group);
    });
    delivered += rows.length;
  }
}

/**
 * Runs `work` on every item, a few at a time: commits of different shards then share one flush of
 * the disk. Throws the first failure after all have ended, so that one does not hold up the others.
 */
async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  if (failures.length > 0) throw failures[0];
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
