import { memoryStore } from '@tallystick/wallet';
import { describe, expect, test } from 'vitest';
import { STATE } from './entry.ts';
import { Journal } from './journal.ts';
import { entry, refund } from './testing/entries.ts';

const NOW = 1_700_000_000;
const DAY = 86_400;

describe('the journal of a till', () => {
  test('is there again after a restart, newest first, and notes nothing twice', async () => {
    const store = memoryStore();
    const journal = await Journal.open(store, NOW);
    await journal.note(entry(1));
    await journal.note(entry(2, { at: NOW + 5, lines: [60n, 40n] }));
    await journal.note(entry(1, { at: NOW + 9, position: 7 }));
    const again = await Journal.open(store, NOW);
    expect(again.entries.value).toEqual([
      entry(2, { at: NOW + 5, lines: [60n, 40n] }),
      entry(1, { position: 7 }),
    ]);
  });

  test('takes a sale for settled once the bank has the log up to its receipt, and no sooner', async () => {
    const journal = await Journal.open(memoryStore(), NOW);
    for (const id of [1, 2, 3]) await journal.note(entry(id));
    await journal.settleSales(2);
    expect([1, 2, 3].map((id) => journal.find(entry(id).id)?.state)).toEqual([
      STATE.settled,
      STATE.settled,
      STATE.taken,
    ]);
  });

  test('leaves of a sale what was not paid back; what is on its way counts, what came back does not', async () => {
    const journal = await Journal.open(memoryStore(), NOW);
    const sale = entry(1, { amount: 10_00n });
    await journal.note(sale);
    await journal.note(refund(2, sale, { amount: 3_00n }));
    await journal.note(refund(3, sale, { amount: 4_00n, state: STATE.inDoubt }));
    await journal.note(refund(4, entry(9), { amount: 5_00n }));
    expect(journal.leftOf(sale)).toBe(3_00n);
    await journal.settleRefunds([entry(3).id], STATE.cameBack);
    expect(journal.leftOf(sale)).toBe(7_00n);
    expect(journal.refundsOf(sale.id)).toHaveLength(2);
  });

  test('forgets after 90 days what is settled, and never what is not', async () => {
    const store = memoryStore();
    const journal = await Journal.open(store, NOW);
    await journal.note(entry(1, { state: STATE.settled }));
    await journal.note(entry(2));
    const kept = await Journal.open(store, NOW + 91 * DAY);
    expect(kept.entries.value).toEqual([entry(2)]);
    expect(await store.list('entry/')).toHaveLength(1);
  });

  test('passes over what does not read', async () => {
    const store = memoryStore();
    await store.put('entry/x', Uint8Array.of(1, 2, 3));
    expect((await Journal.open(store, NOW)).entries.value).toEqual([]);
  });
});
