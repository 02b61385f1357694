import {
  type Bytes,
  decodeEntry,
  decodePaymentEvidence,
  decodeUpload,
  encodeEntry,
  encodePaymentEvidence,
  encodeUpload,
} from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import type { Store } from '../store/port.ts';
import { ledgerHash } from './ledger-hash.ts';
import { bent } from './testing/bent.ts';
import { permutations } from './testing/orders.ts';
import type { Handed, ScriptedPurse } from './testing/purse.ts';
import { World } from './testing/world.ts';

/** The same upload, with the same heads, but the payments in its evidence under bent signatures. */
function spoilt(upload: Bytes): Bytes {
  const read = decodeUpload(upload);
  const entries = read.entries.map((bytes) => {
    const entry = decodeEntry(bytes);
    if (entry.evidence === null) return bytes;
    const { payment, ...rest } = decodePaymentEvidence(entry.evidence);
    return encodeEntry({
      ...entry,
      evidence: encodePaymentEvidence({ ...rest, payment: bent(payment) }),
    });
  });
  return encodeUpload({ ...read, entries });
}

/**
 * Mallory forks across a renewal, so that only a payment signed alone proves it: one to Xavier, whose
 * evidence for it is told in several ways.
 */
async function forkedAcrossRenewal(
  accept: (xavier: ScriptedPurse, handed: Handed) => void,
): Promise<{ world: World; mallory: ScriptedPurse; uploads: Map<string, Bytes> }> {
  const world = await new World(createMemoryStore()).open();
  const mallory = await world.enrol('mallory');
  const xavier = await world.enrol('xavier');
  const yvonne = await world.enrol('yvonne');
  await world.load(mallory, 1_000n);
  const clone = mallory.copy();
  const handed = mallory.pay(xavier, 100n);
  await world.renew(mallory, 'mallory again');
  clone.pay(yvonne, 100n);
  clone.adopt({});
  clone.adopt({});
  accept(xavier, handed);
  const uploads = new Map([
    ['mallory', mallory.upload()],
    ['clone', clone.upload()],
    ['xavier', xavier.upload()],
  ]);
  return { world, mallory, uploads };
}

describe('signatures that no head covers decide the same in every order (INV-ORDER)', () => {
  test('of a payment that is claimed twice, first under one that does not hold', async () => {
    const ends = new Set<string>();
    for (const order of permutations(['mallory', 'clone', 'xavier'])) {
      const { world, mallory, uploads } = await forkedAcrossRenewal((xavier, handed) => {
        xavier.accept({ ...handed, wire: bent(handed.wire) });
        xavier.accept(handed);
      });
      for (const name of order) await world.take(uploads.get(name) ?? new Uint8Array());
      ends.add(`${(await world.row(mallory)).standing} ${await ledgerHash(world.store)}`);
    }
    expect([...ends]).toEqual([expect.stringMatching(/^culprit /)]);
  });

  test('of an upload that comes twice, once with its evidence spoilt', async () => {
    const ends = new Set<string>();
    for (const order of permutations(['mallory', 'clone', 'xavier', 'spoilt'])) {
      const { world, mallory, uploads } = await forkedAcrossRenewal((xavier, handed) =>
        xavier.accept(handed),
      );
      uploads.set('spoilt', spoilt(uploads.get('xavier') ?? new Uint8Array()));
      for (const name of order) await world.take(uploads.get(name) ?? new Uint8Array());
      ends.add(`${(await world.row(mallory)).standing} ${await ledgerHash(world.store)}`);
    }
    expect([...ends]).toEqual([expect.stringMatching(/^culprit /)]);
  });
});

test('a payee is asked for many signatures at once, and its log is read once', async () => {
  const inner = createMemoryStore();
  const read: string[] = [];
  const store: Store = {
    ...inner,
    transaction: (purses, work) =>
      inner.transaction(purses, (tx) =>
        work({
          ...tx,
          factsFrom: (purse, seq) => {
            read.push(purse);
            return tx.factsFrom(purse, seq);
          },
        }),
      ),
  };
  const world = await new World(store).open();
  const mallory = await world.enrol('mallory');
  const shop = await world.enrol('shop');
  const other = await world.enrol('other');
  await world.load(mallory, 1_000n);
  const clone = mallory.copy();
  for (let count = 0; count < 30; count++) shop.accept(mallory.pay(shop, 1n));
  await world.take(mallory.upload());
  await world.take(shop.upload());
  await world.renew(clone, 'mallory again');
  clone.pay(other, 7n);
  await world.take(clone.upload());
  expect((await world.row(mallory)).standing).not.toBe('sound');
  expect(read.filter((purse) => purse === shop.id)).toHaveLength(1);
});
