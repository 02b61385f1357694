import { expect, test } from 'vitest';
import { type Letter, TO_RAIL } from '../../messages.ts';
import type { Store } from '../../port.ts';
import type { DecisionRow, ProofRow } from '../../rows.ts';
import { ALICE, BOB, certificate, decision, fact, id, posting, purse, ref } from '../rows.ts';
import { write, look, message, list, type WithStore } from '../suite.ts';

export function describeTransactions(withStore: WithStore): void {
  test('keeps everything a transaction wrote, or nothing when it throws', () =>
    withStore(async (store) => {
      await write(store, { purses: [purse(ALICE, { epoch: 1 })], facts: [fact(1)] });
      const failing = store.transaction([ALICE], async (tx) => {
        await tx.write({
          purses: [purse(ALICE, { epoch: 2 })],
          facts: [fact(2)],
          postings: [posting(5)],
          letters: [message(1)],
        });
        throw new Error('power loss');
      });
      await expect(failing).rejects.toThrow('power loss');
      expect((await store.reports.purse(ALICE))?.epoch).toBe(1);
      expect((await store.reports.facts('', 10)).rows).toEqual([fact(1)]);
      expect(await store.reports.totals()).toEqual([]);
      expect(await store.outbox(10)).toEqual([]);
    }));

  test('lets transactions on one purse take turns, and those on others go on', () =>
    withStore(async (store) => {
      await write(store, { purses: [purse(ALICE), purse(BOB)] }, [ALICE, BOB]);
      const order: string[] = [];
      const held = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      const first = store.transaction([ALICE], async (tx) => {
        const row = await tx.purse(ALICE);
        order.push('first');
        held.resolve();
        await gate.promise;
        await tx.write({ purses: [{ ...purse(ALICE), epoch: (row?.epoch ?? 0) + 1 }] });
      });
      // Connections are opened side by side: the second must not come before the first has the lock.
      await held.promise;
      const second = store.transaction([ALICE], async (tx) => {
        const row = await tx.purse(ALICE);
        order.push('second');
        await tx.write({ purses: [{ ...purse(ALICE), epoch: (row?.epoch ?? 0) + 1 }] });
      });
      await look(store, async (tx) => tx.purse(BOB), BOB);
      order.push('other');
      gate.resolve();
      await Promise.all([first, second]);
      expect(order.indexOf('second')).toBe(2);
      expect((await store.reports.purse(ALICE))?.epoch).toBe(2);
    }));

  test('holds only the purses it names, and reads before it writes', () =>
    withStore(async (store) => {
      await write(store, { purses: [purse(ALICE), purse(BOB)] }, [ALICE, BOB]);
      await expect(write(store, { facts: [fact(1, { purse: BOB })] })).rejects.toThrow(BOB);
      await expect(write(store, { letters: [message(1, BOB)] })).rejects.toThrow(BOB);
      await expect(look(store, (tx) => tx.purse(BOB))).rejects.toThrow(BOB);
      const late = store.transaction([ALICE], async (tx) => {
        await tx.write({});
        await tx.purse(ALICE);
      });
      await expect(late).rejects.toThrow('reading after a write');
    }));

  test('shows a view one moment, whatever is written meanwhile', () =>
    withStore(async (store) => {
      await write(store, { purses: [purse(ALICE, { epoch: 1 })] });
      const writing: Promise<void>[] = [];
      await store.view(async (view) => {
        expect((await view.reports.purse(ALICE))?.epoch).toBe(1);
        writing.push(write(store, { purses: [purse(ALICE, { epoch: 2 })], letters: [message(1)] }));
        for (let looked = 0; looked < 50; looked++) await store.reports.purse(ALICE);
        expect((await view.reports.purse(ALICE))?.epoch).toBe(1);
        expect(await view.outbox(9)).toEqual([]);
      });
      await Promise.all(writing);
      expect((await store.reports.purse(ALICE))?.epoch).toBe(2);
      expect(await store.view((view) => view.outbox(9))).toHaveLength(1);
    }));

  test('takes several purses at once, in any order, without a deadlock', () =>
    withStore(async (store) => {
      await write(store, { purses: [purse(ALICE), purse(BOB)] }, [ALICE, BOB]);
      const both = [
        [ALICE, BOB],
        [BOB, ALICE],
      ].flatMap((purses) => [purses, purses, purses]);
      await Promise.all(
        both.map((purses) => store.transaction(purses, async (tx) => tx.purse(ALICE))),
      );
      expect((await store.reports.purses('', 10)).rows).toHaveLength(2);
    }));
}

export function describeMessages(withStore: WithStore): void {
  const every: readonly Letter['message'][] = [
    {
      kind: 'answered',
      payment: id(1),
      carried: {
        kid: ALICE,
        alg: -7,
        external: Uint8Array.of(1),
        payload: new Uint8Array(300),
        signature: null,
      },
      accepted: true,
      voided: false,
    },
    { kind: 'answered', payment: id(1), carried: null, accepted: true, voided: true },
    { kind: 'revoked', payment: id(2), version: 4 },
    { kind: 'proof', proof: new Uint8Array(70_000).fill(9) },
    { kind: 'listed', version: 2, reason: `it's "lost"` },
    {
      kind: 'credit',
      payment: id(3),
      participant: 'ALFA',
      account: 'a',
      currency: 978,
      amount: 9_007_199_254_740_991n,
      cause: 'unload',
    },
  ];

  test('keeps messages in their order until they are acknowledged', () =>
    withStore(async (store) => {
      const rows = every.map(
        (each, at): Letter => ({
          from: ALICE,
          to: at === 5 ? TO_RAIL : BOB,
          message: each,
        }),
      );
      await write(store, { purses: [purse(ALICE), purse(BOB)], letters: rows.slice(0, 3) }, [
        ALICE,
        BOB,
      ]);
      await write(store, { letters: [message(1, BOB)] }, [BOB]);
      await write(store, { letters: rows.slice(3) });
      const [first, second, third, ...more] = await store.outbox(100);
      expect(more).toEqual([]);
      expect([first, second, third].map((parcel) => parcel?.letters)).toEqual([
        rows.slice(0, 3),
        [message(1, BOB)],
        rows.slice(3),
      ]);
      if (first === undefined || second === undefined || third === undefined) return;
      // The first always, the others while all of them are few enough.
      expect(await store.outbox(1)).toEqual([first]);
      expect(await store.outbox(4)).toEqual([first, second]);
      const left = rows.slice(1, 2);
      await store.acknowledge([
        { ...first, letters: left },
        { ...second, letters: [] },
      ]);
      expect(await store.outbox(100)).toEqual([{ ...first, letters: left }, third]);
      await store.acknowledge([]);
      // Told once more after it was delivered: a message of its own.
      await write(store, { letters: rows.slice(0, 1) });
      expect((await store.outbox(100)).at(-1)?.letters).toEqual(rows.slice(0, 1));
    }));
}

/** A proof against somebody. */
const conviction: Omit<ProofRow, 'certificate'> = {
  purse: ALICE,
  digest: id(7),
  kind: 1,
  wire: Uint8Array.of(1),
  time: 1,
};

export function describeLists(withStore: WithStore): void {
  test('publishes a list with its revocations and messages, together', () =>
    withStore(async (store) => {
      expect(await store.latestList()).toBeNull();
      await write(store, { purses: [purse(ALICE)] });
      const revocation = decision(1, { kind: 'revocation', cause: ref(1), version: 2 });
      await store.listing(async (tx) => {
        expect(await tx.latest()).toBeNull();
        await tx.publish(list(1, []), [], []);
      });
      await store.listing((tx) => tx.publish(list(2, [1, 8_388_607]), [revocation], [message(1)]));
      const failing = store.listing(async (tx) => {
        await tx.publish(list(3, [1]), [], [message(2)]);
        throw new Error('no key');
      });
      await expect(failing).rejects.toThrow('no key');
      expect(await store.latestList()).toEqual(list(2, [1, 8_388_607]));
      expect(await store.lists([2, 7, 1])).toEqual([list(1, []), list(2, [1, 8_388_607])]);
      expect((await store.outbox(10)).map(({ letters }) => letters)).toEqual([[message(1)]]);
      const versions = await look(store, (tx) => tx.revocations([ref(1), ref(2)]));
      expect(versions).toEqual(new Map([[ref(1), 2]]));
      expect(await look(store, (tx) => tx.revocations([]))).toEqual(new Map());
    }));

  test('names what later lists revoke, the newest first and culprits before others', () =>
    withStore(async (store) => {
      const revocation = (number: number, version: number): DecisionRow =>
        decision(number, { kind: 'revocation', cause: ref(number), version });
      const proof = { ...conviction, certificate: ref(3) };
      await write(store, {
        purses: [purse(ALICE)],
        certificates: [1, 2, 3, 4].map((number) =>
          certificate(number, { statusIndex: 10 * number }),
        ),
        proofs: [proof, { ...proof, digest: id(8) }],
      });
      await store.listing((tx) => tx.publish(list(2, []), [revocation(4, 2)], []));
      await store.listing((tx) =>
        tx.publish(list(3, []), [revocation(2, 3), revocation(3, 3), revocation(1, 3)], []),
      );
      const late = [
        { version: 3, statusIndex: 30 },
        { version: 3, statusIndex: 10 },
        { version: 3, statusIndex: 20 },
        { version: 2, statusIndex: 40 },
      ];
      expect(await store.revokedSince(0, 9)).toEqual(late);
      expect(await store.revokedSince(2, 9)).toEqual(late.slice(0, 3));
      expect(await store.revokedSince(1, 2)).toEqual(late.slice(0, 2));
      expect(await store.revokedSince(3, 9)).toEqual([]);
    }));

  test('makes one list at a time', () =>
    withStore(async (store) => {
      const next = (): Promise<void> =>
        store.listing(async (tx) => {
          const latest = await tx.latest();
          await tx.publish(list((latest?.version ?? 0) + 1, []), [], []);
        });
      await Promise.all([next(), next(), next()]);
      expect((await store.latestList())?.version).toBe(3);
    }));
}

export function describeDocuments(withStore: WithStore): void {
  const put = (store: Store, key: string, value: number): Promise<void> =>
    store.exclusive('a', (documents) => documents.put(key, Uint8Array.of(value)));

  test('keeps documents by key, lists them by prefix, and forgets them', () =>
    withStore(async (store) => {
      for (const [at, key] of ['a/2', 'a/1', 'b/1', 'a/3', 'a%'].entries())
        await put(store, key, at);
      await put(store, 'a/1', 9);
      await store.exclusive('a', async (documents) => {
        expect(await documents.get('a/1')).toEqual(Uint8Array.of(9));
        expect(await documents.get('a/9')).toBeNull();
        const page = await documents.list('a/', 'a/1', 5);
        expect(page).toEqual([
          { key: 'a/2', value: Uint8Array.of(0) },
          { key: 'a/3', value: Uint8Array.of(3) },
        ]);
        expect(await documents.list('a', '', 2)).toHaveLength(2);
        await documents.delete('a/2');
        expect(await documents.get('a/2')).toBeNull();
        expect(await documents.list('a/', '', 5)).toHaveLength(2);
      });
      await store.exclusive('a', async (documents) => {
        expect(await documents.list('a/', '', 5)).toHaveLength(2);
      });
    }));

  test('runs one at a time for each lock, and undoes what fails', () =>
    withStore(async (store) => {
      const add = (): Promise<void> =>
        store.exclusive('counter', async (documents) => {
          const value = (await documents.get('counter'))?.[0] ?? 0;
          await documents.put('counter', Uint8Array.of(value + 1));
        });
      await Promise.all([add(), add(), add(), add()]);
      const failing = store.exclusive('counter', async (documents) => {
        await documents.put('counter', Uint8Array.of(99));
        throw new Error('out of paper');
      });
      await expect(failing).rejects.toThrow('out of paper');
      const value = await store.exclusive('other', (documents) => documents.get('counter'));
      expect(value).toEqual(Uint8Array.of(4));
    }));
}
