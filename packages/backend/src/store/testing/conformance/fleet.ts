import { expect, test } from 'vitest';
import { ALICE, BOB, id, purse, ref } from '../rows.ts';
import { type WithStore, write } from '../suite.ts';

const CAROL = ref(0xca501);
const ALL = [ALICE, BOB, CAROL];

export function describeFleet(withStore: WithStore): void {
  test('counts all purses: how they stand, when they synced, and which list they had', () =>
    withStore(async (store) => {
      const none = { purses: 0, suspect: 0, culprit: 0, revoked: 0, lost: 0 };
      const nothing = { ...none, syncedSince: [0, 0], neverSynced: 0, lists: [] };
      expect(await store.reports.fleet([100, 200], 10)).toEqual(nothing);
      await write(
        store,
        {
          purses: [
            purse(ALICE, { standing: 'culprit', revokedAt: 3, syncedAt: 200, listVersion: 2 }),
            purse(BOB, { standing: 'suspect', horizon: 900, syncedAt: 199, listVersion: 10 }),
            purse(CAROL),
          ],
        },
        ALL,
      );
      const counted = { purses: 3, suspect: 1, culprit: 1, revoked: 1, lost: 1 };
      const synced = { syncedSince: [2, 1, 0], neverSynced: 1 };
      const lists = [10, 2, null].map((version) => ({ version, purses: 1 }));
      expect(await store.reports.fleet([100, 200, 201], 10)).toEqual({
        ...counted,
        ...synced,
        lists,
      });
      expect((await store.reports.fleet([], 1)).lists).toEqual(lists.slice(0, 1));
    }));

  test('finds the purses of an account, at whichever participant', () =>
    withStore(async (store) => {
      const account = 'ann';
      const rows = [
        purse(ALICE, { account }),
        purse(BOB, { account, participant: 'BETA' }),
        purse(CAROL, { account: 'anna' }),
      ];
      await write(store, { purses: rows }, ALL);
      const found = rows.slice(0, 2).sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(await store.reports.pursesOf(account, 10)).toEqual(found);
      expect(await store.reports.pursesOf(account, 1)).toEqual(found.slice(0, 1));
      expect(await store.reports.pursesOf('an', 10)).toEqual([]);
    }));

  test('finds a proof by its digest', () =>
    withStore(async (store) => {
      const proof = {
        purse: ALICE,
        digest: id(7),
        certificate: ALICE,
        kind: 1,
        wire: Uint8Array.of(7),
        time: 100,
      } as const;
      await write(store, { purses: [purse(ALICE)], proofs: [proof] });
      expect(await store.reports.proof(id(7))).toEqual(proof);
      expect(await store.reports.proof(id(8))).toBeNull();
    }));
}
