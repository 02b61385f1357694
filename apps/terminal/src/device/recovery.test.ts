import {
  type Bytes,
  encodeCbor,
  encodeEntry,
  encodeSigned,
  ES256,
  payment as paymentCodec,
  receipt as receiptCodec,
  recordId,
} from '@tallystick/protocol';
import { memoryStore, type PurseClient } from '@tallystick/wallet';
import { describe, expect, test } from 'vitest';
import { STATE } from './entry.ts';
import { keepIntent, readIntent } from './intent.ts';
import { Journal } from './journal.ts';
import { recoverRefund, recoverSales } from './recovery.ts';
import { entry } from './testing/entries.ts';

const NOW = 1_700_000_000;
const KID = new Uint8Array(8).fill(7);
const SIGNER = { alg: ES256, kid: KID } as const;
const HEAD = new Uint8Array(32);
const SALT = new Uint8Array(16);
const SIGNATURE = new Uint8Array(64).fill(1);

/** Only what a recovery asks of a purse: how long its log is, and what is in it. */
function purseWith(log: readonly Bytes[]): PurseClient {
  const asked: Pick<PurseClient, 'readLog'> & { readonly status: () => Promise<unknown> } = {
    status: async () => ({ ok: true, value: { seq: log.length } }),
    readLog: async (from, to) => ({ ok: true, value: log.slice(from - 1, to) }),
  };
  return asked as PurseClient;
}

function paymentOf(seq: number, amount: bigint): Bytes {
  return encodeCbor(
    paymentCodec.encode({
      seq,
      head: HEAD,
      payee: KID,
      value: { kind: 1, currency: 978, amount, hop: 1 },
      syncedAt: NOW,
      acceptMinutes: 60,
    }),
  );
}

/** The log entry of a receipt for a payment of that much. */
function received(seq: number, id: Bytes, amount: bigint): Bytes {
  const payload = encodeCbor(
    receiptCodec.encode({ seq, head: HEAD, paymentId: id, listVersion: 1 }),
  );
  const signed = { ...SIGNER, external: new Uint8Array(), signature: SIGNATURE };
  const evidence = encodeSigned({ ...signed, payload: paymentOf(seq, amount) });
  const record = { ...SIGNER, external: new Uint8Array(), payload };
  return encodeEntry({ record, salt: SALT, evidence });
}

describe('a sale that the purse took while the page died', () => {
  test('is in the journal after the next start, once, where its receipt is', async () => {
    const store = memoryStore();
    const journal = await Journal.open(store, NOW);
    await journal.note(entry(1, { amount: 5_00n, position: 2, lines: [5_00n] }));
    const log = [received(1, entry(1).id, 5_00n), received(2, entry(2).id, 7_00n)];
    for (let round = 0; round < 2; round++) {
      await recoverSales(purseWith(log), journal, store, NOW + 60);
    }
    expect(journal.entries.value).toEqual([
      entry(2, { amount: 7_00n, position: 2, at: NOW + 60 }),
      entry(1, { amount: 5_00n, position: 1, lines: [5_00n] }),
    ]);
  });
});

describe('a refund during which the page died', () => {
  const sale = entry(1, { amount: 9_00n });
  const record = {
    ...SIGNER,
    external: new Uint8Array(32).fill(3),
    payload: paymentOf(2, 4_00n),
  };
  const paid = encodeEntry({ record, salt: SALT, evidence: null });

  test.each([
    ['counts as paid back where the money has left', [received(1, sale.id, 1n), paid], 5_00n],
    ['is forgotten where none has', [received(1, sale.id, 1n)], 9_00n],
    ['is not taken for another that was there before', [paid], 9_00n],
  ])('%s', async (_, log, left) => {
    const store = memoryStore();
    const journal = await Journal.open(store, NOW);
    await journal.note(sale);
    await keepIntent(store, { sale: sale.id, amount: 4_00n, at: NOW, after: 1 });
    await recoverRefund(purseWith(log), journal, store);
    expect(journal.leftOf(sale)).toBe(left);
    expect(await readIntent(store)).toBeNull();
    const refunds = journal.refundsOf(sale.id).map(({ id, state }) => ({ id, state }));
    const expected = { id: recordId(record), state: STATE.inDoubt };
    expect(refunds).toEqual(left === 5_00n ? [expected] : []);
  });
});
