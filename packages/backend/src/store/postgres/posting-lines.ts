import type { Account, PostingKind, PostingRow, PurseId } from '../rows.ts';
import { demandSound } from '../sound-posting.ts';
import { fromPlace, PackReader, PackWriter, placeIn } from './packing.ts';

/** Postings of one purse, packed into one column. */

/** In the first layout amounts had eight bytes. */
const LAYOUT = 2;
const FIXED_AMOUNTS = 1;
const LINE_BYTES = 96;

/** Grow at their end alone: what is stored names places in them. */
const KINDS: readonly PostingKind[] = [
  'load',
  'loadReturn',
  'debit',
  'restore',
  'credit',
  'clearing',
  'unload',
  'refund',
  'loss',
  'recourse',
];
const ACCOUNTS: readonly Account[] = [
  'reserve',
  'inFlight',
  'float',
  'loss',
  'position',
  'receivable',
  'recourse',
];

/** @throws RangeError for what is no posting, or has a cause that is not hex */
export function packPostings(postings: readonly PostingRow[]): Uint8Array {
  const writer = new PackWriter(LAYOUT, 1 + LINE_BYTES * postings.length);
  for (const row of postings) {
    demandSound(row);
    writer.u8(placeIn(KINDS, row.kind));
    writer.u8(placeIn(ACCOUNTS, row.debit));
    writer.u8(placeIn(ACCOUNTS, row.credit));
    writer.i32(row.revision);
    writer.i32(row.currency);
    writer.sum(row.amount);
    // Most causes are payments; a loss is its purse's, a refund's cause is longer than that.
    writer.u8(row.cause.length / 2);
    writer.name(row.cause, row.cause.length / 2);
    writer.text(row.participant);
    writer.text(row.counterparty);
  }
  return writer.finish();
}

/** In the order they were packed in. */
export function unpackPostings(purse: PurseId, packed: Uint8Array): PostingRow[] {
  const reader = new PackReader(packed, LAYOUT, FIXED_AMOUNTS);
  const out: PostingRow[] = [];
  while (reader.hasMore) {
    out.push({
      purse,
      kind: fromPlace(KINDS, reader.u8()),
      debit: fromPlace(ACCOUNTS, reader.u8()),
      credit: fromPlace(ACCOUNTS, reader.u8()),
      revision: reader.i32(),
      currency: reader.i32(),
      amount: reader.layout === FIXED_AMOUNTS ? reader.money() : reader.sum(),
      cause: reader.name(reader.u8()),
      participant: reader.text(),
      counterparty: reader.text(),
    });
  }
  return out;
}
