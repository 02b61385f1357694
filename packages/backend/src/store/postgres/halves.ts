import type { Bytes } from '@tallystick/protocol';
import type { Kysely, RawBuilder } from 'kysely';
import type { PayeeHalf, PayerHalf } from '../rows.ts';
import { fromPlace, PackReader, PackWriter, placeIn } from './packing.ts';
import { bytes, count, flag, name, nullable, Table } from './table.ts';

type Db = Kysely<unknown>;

/** Halves of payments: what is looked for in columns of its own, the rest packed into one. */
export interface Halves<H> {
  select(db: Db, rest: RawBuilder<unknown>): Promise<H[]>;
  upsert(db: Db, halves: readonly H[]): Promise<void>;
}

function packed<H, S extends object>(
  table: Table<S>,
  pack: (half: H) => S,
  unpack: (stored: S) => H,
): Halves<H> {
  return {
    select: async (db, rest) => (await table.select(db, rest)).map(unpack),
    upsert: (db, halves) => table.upsert(db, halves.map(pack)),
  };
}

const LAYOUT = 1;
const REF_BYTES = 8;
const BODY_BYTES = 96;
const UNLOADS = ['held', 'frozen', 'paid'] as const;

interface StoredPayerHalf {
  readonly purse: string;
  readonly payment: string;
  /** Closed and not restored yet, or an unload that is not paid. */
  readonly waiting: boolean;
  readonly body: Bytes;
}

export const PAYER_HALVES: Halves<PayerHalf> = packed(
  new Table<StoredPayerHalf>('payer_half', ['purse', 'payment'], {
    purse: name('purse'),
    payment: name('payment'),
    waiting: flag('waiting'),
    body: bytes('body'),
  }),
  (half) => {
    const body = new PackWriter(LAYOUT, BODY_BYTES);
    body.u8(
      flags(half.inLog, half.accepted, half.voided, half.closed, half.restored, half.payeePurse),
    );
    body.count(half.seq);
    body.name(half.kid, REF_BYTES);
    body.name(half.payee, REF_BYTES);
    if (half.payeePurse !== null) body.name(half.payeePurse, REF_BYTES);
    body.i32(half.currency);
    body.money(half.amount);
    body.i32(half.hop);
    body.count(half.acceptBy);
    body.u8(half.unload === null ? UNLOADS.length : placeIn(UNLOADS, half.unload));
    body.countOrNull(half.settledEpoch);
    const { purse, payment, unload, closed, restored } = half;
    const isUnpaid = unload !== null && unload !== 'paid';
    return { purse, payment, waiting: isUnpaid || (closed && !restored), body: body.finish() };
  },
  ({ purse, payment, body }) => {
    const reader = new PackReader(body, LAYOUT);
    const is = isSet(reader.u8());
    const half = {
      purse,
      payment,
      seq: reader.count(),
      kid: reader.name(REF_BYTES),
      payee: reader.name(REF_BYTES),
      payeePurse: is(5) ? reader.name(REF_BYTES) : null,
      currency: reader.i32(),
      amount: reader.money(),
      hop: reader.i32(),
      acceptBy: reader.count(),
      inLog: is(0),
      accepted: is(1),
      voided: is(2),
      closed: is(3),
      restored: is(4),
    };
    const unload = reader.u8();
    const settledEpoch = reader.countOrNull();
    reader.end();
    return {
      ...half,
      unload: unload === UNLOADS.length ? null : fromPlace(UNLOADS, unload),
      settledEpoch,
    };
  },
);

interface StoredPayeeHalf {
  readonly purse: string;
  readonly payment: string;
  /** `acceptBy` while there is neither receipt nor closure. */
  readonly openUntil: number | null;
  readonly addressed: boolean;
  readonly body: Bytes;
}

export const PAYEE_HALVES: Halves<PayeeHalf> = packed(
  new Table<StoredPayeeHalf>('payee_half', ['purse', 'payment'], {
    purse: name('purse'),
    payment: name('payment'),
    openUntil: nullable(count('open_until')),
    addressed: flag('addressed'),
    body: bytes('body'),
  }),
  (half) => {
    const body = new PackWriter(LAYOUT, BODY_BYTES);
    body.u8(flags(half.voided, half.closed, half.credited, half.payerPurse));
    body.name(half.payer, REF_BYTES);
    if (half.payerPurse !== null) body.name(half.payerPurse, REF_BYTES);
    body.text(half.payerParticipant);
    body.i32(half.currency);
    body.money(half.amount);
    body.i32(half.hop);
    body.count(half.acceptBy);
    body.countOrNull(half.receiptVersion);
    body.countOrNull(half.revokedAt);
    body.i32(half.revision);
    const { purse, payment, addressed, receiptVersion, closed, acceptBy } = half;
    const openUntil = receiptVersion === null && !closed ? acceptBy : null;
    return { purse, payment, openUntil, addressed, body: body.finish() };
  },
  ({ purse, payment, addressed, body }) => {
    const reader = new PackReader(body, LAYOUT);
    const is = isSet(reader.u8());
    const half = {
      purse,
      payment,
      payer: reader.name(REF_BYTES),
      payerPurse: is(3) ? reader.name(REF_BYTES) : null,
      payerParticipant: reader.text(),
      currency: reader.i32(),
      amount: reader.money(),
      hop: reader.i32(),
      acceptBy: reader.count(),
      addressed,
      receiptVersion: reader.countOrNull(),
      voided: is(0),
      closed: is(1),
      revokedAt: reader.countOrNull(),
      credited: is(2),
      revision: reader.i32(),
    };
    reader.end();
    return half;
  },
);

/** Flags in one byte, the first in the lowest bit; a value that may be null is set where it is not. */
function flags(...values: readonly (boolean | string | null)[]): number {
  return values.reduce<number>(
    (sum, value, place) => sum | (value === null || value === false ? 0 : 1 << place),
    0,
  );
}

function isSet(byte: number): (place: number) => boolean {
  return (place) => (byte & (1 << place)) !== 0;
}
