import { expect, test } from 'vitest';
import { ALICE, BOB, purse, ref } from '../rows.ts';
import { type WithStore, write } from '../suite.ts';

const CAROL = ref(0xca501);

export function describeLostPurses(withStore: WithStore): void {
  test('lists the purses that were reported lost, a page at a time', () =>
    withStore(async (store) => {
      const lost = [ALICE, CAROL].map((id, at) => purse(id, { horizon: 100 + at }));
      await write(store, { purses: [...lost, purse(BOB)] }, [ALICE, BOB, CAROL]);
      const sorted = lost.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      expect((await store.reports.lostPurses('', 10)).rows).toEqual(sorted);
      const first = await store.reports.lostPurses('', 1);
      expect(first.rows).toEqual(sorted.slice(0, 1));
      const second = await store.reports.lostPurses(first.next ?? '', 1);
      expect(second).toEqual({ rows: sorted.slice(1), next: null });
    }));

  test('names the purses whose horizon has passed and which nobody has looked at', () =>
    withStore(async (store) => {
      await write(
        store,
        {
          purses: [
            purse(ALICE, { horizon: 300, refundPending: true }),
            purse(BOB, { horizon: 200, refundPending: true }),
            purse(CAROL, { horizon: 100, refundPending: false }),
          ],
        },
        [ALICE, BOB, CAROL],
      );
      expect(await store.reports.refundsDue(200, 10)).toEqual([]);
      expect(await store.reports.refundsDue(201, 10)).toEqual([BOB]);
      expect(await store.reports.refundsDue(1_000, 10)).toEqual([BOB, ALICE]);
      expect(await store.reports.refundsDue(1_000, 1)).toEqual([BOB]);
    }));
}
