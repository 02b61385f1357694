import { type Message, type OutboxRow, TO_LIST, TO_RAIL } from '../store/messages.ts';
import type { Context } from './context.ts';
import { receive } from './receive.ts';
import { revoke } from './revocations.ts';

/** A credit that the rail has to carry out, idempotent by `payment`. */
export type CreditOrder = Extract<Message, { readonly kind: 'credit' }>;
type Credit = (order: CreditOrder) => Promise<void>;

/** Messages read at once. */
const BATCH = 8_192;
/** Purses that share one transaction, and transactions at once. */
const PURSES_TOGETHER = 512;
const WIDTH = 2;

/** Delivers and acknowledges until the outbox is empty; returns how many messages there were. */
export async function settle(context: Context, credit: Credit): Promise<number> {
  let delivered = 0;
  for (;;) {
    const rows = await context.store.outbox(BATCH);
    if (rows.length === 0) return delivered;
    const byAddressee = Map.groupBy(rows, ({ to }) => to);
    await inTurns(parcels(byAddressee), (parcel) => handOver(parcel, context, credit));
    delivered += rows.length;
  }
}

/** All that some addressees are sent. */
type Parcel = readonly (readonly OutboxRow[])[];

/** Purses share parcels, in order of their ids; the rail and the list have one each. */
function parcels(byAddressee: ReadonlyMap<string, readonly OutboxRow[]>): Parcel[] {
  const purses = [...byAddressee.keys()].filter(isPurse).sort();
  const out: Parcel[] = [TO_RAIL, TO_LIST].flatMap((to) => {
    const rows = byAddressee.get(to);
    return rows === undefined ? [] : [[rows]];
  });
  for (let at = 0; at < purses.length; at += PURSES_TOGETHER) {
    const together = purses.slice(at, at + PURSES_TOGETHER);
    out.push(together.map((to) => byAddressee.get(to) ?? []));
  }
  return out;
}

function isPurse(addressee: string): boolean {
  return addressee !== TO_RAIL && addressee !== TO_LIST;
}

/** Delivers and acknowledges a parcel; when it fails, what each addressee gets on its own. */
async function handOver(parcel: Parcel, context: Context, credit: Credit): Promise<void> {
  try {
    await deliver(parcel, context, credit);
    await context.store.acknowledge(parcel.flat());
  } catch (error) {
    if (parcel.length === 1) throw error;
    await inTurns(parcel, (rows) => handOver([rows], context, credit));
  }
}

/** Applies messages. Repeatable. */
async function deliver(parcel: Parcel, context: Context, credit: Credit): Promise<void> {
  const [first] = parcel.flat();
  if (first?.to === TO_RAIL) {
    for (const { message } of parcel.flat()) if (message.kind === 'credit') await credit(message);
  } else if (first?.to === TO_LIST) {
    for (const [reason, rows] of Map.groupBy(parcel.flat(), reasonOf)) {
      await revoke([...new Set(rows.map(({ from }) => from))], reason, context);
    }
  } else {
    const posts = parcel.map((rows) => ({
      purse: rows[0]?.to ?? '',
      messages: rows.map(({ message }) => message),
    }));
    await receive(posts, context);
  }
}

function reasonOf({ message }: OutboxRow): string {
  if (message.kind !== 'revoke')
    throw new Error(`a message of kind ${message.kind} is to the list`);
  return message.reason;
}

/**
 * Runs `work` on every item, a few at a time. Throws the first failure after all have ended, so that
 * one does not hold up the others.
 */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  if (failures.length > 0) throw failures[0];
}
