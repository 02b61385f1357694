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

/**
 * Delivers and acknowledges whatever can be, to the end of the outbox; returns how many letters there
 * were. Throws the first failure after that: whom it concerns holds up nobody else.
 */
export async function settle(context: Context, credit: Credit): Promise<number> {
  let delivered = 0;
  // Whoever could not be reached keeps its letters, in their order.
  const failures = new Map<string, unknown>();
  for (let after = 0n; ; ) {
    const parcels = await context.store.outbox(LETTERS_MAX, after);
    const last = parcels.at(-1);
    if (last === undefined) break;
    after = last.position;
    const letters = parcels.flatMap((parcel) => parcel.letters);
    const isLeft = (letter: Letter): boolean => failures.has(addresseeOf(letter));
    await handOver(
      letters.filter((letter) => !isLeft(letter)),
      context,
      credit,
      failures,
    );
    await context.store.acknowledge(
      parcels.map(({ position, letters: all }) => ({ position, letters: all.filter(isLeft) })),
    );
    delivered += letters.filter((letter) => !isLeft(letter)).length;
  }
  for (const failure of failures.values()) throw failure;
  return delivered;
}

/** What each addressee is sent, in its order. */
type Round = readonly (readonly Letter[])[];

/** Delivers all that can be, and notes the failure of each addressee whose letters cannot. */
async function handOver(
  letters: readonly Letter[],
  context: Context,
  credit: Credit,
  failures: Map<string, unknown>,
): Promise<void> {
  const attempt = async (round: Round): Promise<void> => {
    try {
      await deliver(round, context, credit);
    } catch (error) {
      const [letter] = round.flat();
      if (round.length > 1) for (const alone of round) await attempt([alone]);
      else if (letter !== undefined) failures.set(addresseeOf(letter), error);
    }
  };
  const queue = rounds(letters).values();
  const worker = async (): Promise<void> => {
    for (const round of queue) await attempt(round);
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
}

/** The rail's accounts are each an addressee of their own: one that is closed holds up no other. */
function addresseeOf({ to, message }: Letter): string {
  return message.kind === 'credit' ? `${to} ${message.participant} ${message.account}` : to;
}

/** Purses share rounds, in order of their ids; each account and the list have one of their own. */
function rounds(letters: readonly Letter[]): Round[] {
  const byAddressee = Map.groupBy(letters, ({ to }) => to);
  const own = [TO_RAIL, TO_LIST].flatMap((to) => byAddressee.get(to) ?? []);
  const out: Round[] = [...Map.groupBy(own, addresseeOf).values()].map((each) => [each]);
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
