import { type Message, type Letter, TO_LIST, TO_RAIL } from '../store/messages.ts';
import type { Context } from './context.ts';
import { receive } from './receive.ts';
import { revoke } from './revocations.ts';

/** A credit that the rail has to carry out, idempotent by `payment`. */
export type CreditOrder = Extract<Message, { readonly kind: 'credit' }>;
type Credit = (order: CreditOrder) => Promise<void>;

/** Letters read at once. */
const LETTERS_MAX = 4_096;
/** Purses that share one transaction, and transactions at once. */
const PURSES_TOGETHER = 96;
const WIDTH = 4;

/** Delivers and acknowledges until the outbox is empty; returns how many letters there were. */
export async function settle(context: Context, credit: Credit): Promise<number> {
  let delivered = 0;
  for (;;) {
    const parcels = await context.store.outbox(LETTERS_MAX);
    if (parcels.length === 0) return delivered;
    const letters = parcels.flatMap((parcel) => parcel.letters);
    const failures = await handOver(letters, context, credit);
    const isLeft = ({ to }: Letter): boolean => failures.has(to);
    await context.store.acknowledge(
      parcels.map(({ position, letters: all }) => ({ position, letters: all.filter(isLeft) })),
    );
    for (const failure of failures.values()) throw failure;
    delivered += letters.length;
  }
}

/** What each addressee is sent, in its order. */
type Round = readonly (readonly Letter[])[];

/** Delivers all that can be; the failure of each addressee whose letters cannot. */
async function handOver(
  letters: readonly Letter[],
  context: Context,
  credit: Credit,
): Promise<ReadonlyMap<string, unknown>> {
  const failures = new Map<string, unknown>();
  const attempt = async (round: Round): Promise<void> => {
    try {
      await deliver(round, context, credit);
    } catch (error) {
      if (round.length > 1) for (const alone of round) await attempt([alone]);
      else failures.set(round[0]?.[0]?.to ?? '', error);
    }
  };
  const queue = rounds(letters).values();
  const worker = async (): Promise<void> => {
    for (const round of queue) await attempt(round);
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  return failures;
}

/** Purses share rounds, in order of their ids; the rail and the list have one each. */
function rounds(letters: readonly Letter[]): Round[] {
  const byAddressee = Map.groupBy(letters, ({ to }) => to);
  const own = [TO_RAIL, TO_LIST].flatMap((to) => byAddressee.get(to) ?? []);
  const out: Round[] = [...Map.groupBy(own, ({ to }) => to).values()].map((each) => [each]);
  const purses = [...byAddressee.keys()].filter((to) => to !== TO_RAIL && to !== TO_LIST).sort();
  for (let at = 0; at < purses.length; at += PURSES_TOGETHER) {
    const together = purses.slice(at, at + PURSES_TOGETHER);
    out.push(together.map((to) => byAddressee.get(to) ?? []));
  }
  return out;
}

/** Applies messages. Repeatable. */
async function deliver(round: Round, context: Context, credit: Credit): Promise<void> {
  const [first] = round.flat();
  if (first?.to === TO_RAIL) {
    for (const { message } of round.flat()) if (message.kind === 'credit') await credit(message);
  } else if (first?.to === TO_LIST) {
    for (const [reason, each] of Map.groupBy(round.flat(), reasonOf)) {
      await revoke([...new Set(each.map(({ from }) => from))], reason, context);
    }
  } else {
    const posts = round.map((each) => ({
      purse: each[0]?.to ?? '',
      messages: each.map(({ message }) => message),
    }));
    await receive(posts, context);
  }
}

function reasonOf({ message }: Letter): string {
  if (message.kind !== 'revoke')
    throw new Error(`a message of kind ${message.kind} is to the list`);
  return message.reason;
}
