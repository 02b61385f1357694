import type { Bytes } from '@tallystick/protocol';
import type { Store } from '../../../store/port.ts';
import { Dice } from '../random-history.ts';
import type { LongHistory } from './history.ts';
import { Ledger } from './ledger.ts';
import { recut, wholeOf } from './recut.ts';

/** Uploads that share a transaction, at most. */
const BATCH_MAX = 24;

/** What was decided comes before the records that rest on it: feeds it to an empty store. */
export async function decideAll(store: Store, { house, decisions }: LongHistory): Promise<void> {
  const ledger = new Ledger(store, house);
  for (const decision of decisions) await ledger.decide(decision);
}

/**
 * Brings the history to a store that knows its decisions, in an order of the dice: each log cut anew,
 * some uploads twice, many in one transaction, messages delivered now and then. At the end each
 * device syncs once more, as it would.
 */
export async function playOrder(
  store: Store,
  history: LongHistory,
  order: number,
): Promise<Ledger> {
  const dice = new Dice(order);
  const ledger = new Ledger(store, history.house);
  ledger.now = (history.decisions.at(-1)?.at ?? 0) + 100_000;
  const uploads = dice.shuffle(history.logs.flatMap((log) => recut(log, dice)));
  await bringAll(ledger, uploads, dice);
  await bringAll(ledger, dice.shuffle(history.logs.map(wholeOf)), dice);
  await ledger.settle();
  return ledger;
}

async function bringAll(ledger: Ledger, uploads: readonly Bytes[], dice: Dice): Promise<void> {
  for (let at = 0; at < uploads.length; ) {
    const size = 1 + dice.roll(BATCH_MAX);
    await ledger.bring(uploads.slice(at, at + size));
    at += size;
    if (dice.roll(3) === 0) await ledger.settle();
  }
}
