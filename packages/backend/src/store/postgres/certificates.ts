import { type Kysely, sql } from 'kysely';
import type { CertificateRow, PurseId } from '../rows.ts';
import { names } from './table.ts';
import { CERTIFICATES } from './tables.ts';

type Db = Kysely<unknown>;

/** Certificates kept at hand: they never change, and the same ones are asked for again and again. */
export type AtHand = Map<string, CertificateRow>;

const CERTIFICATES_AT_HAND = 20_000;

/** Every certificate of these purses, in order of the first position it may sign. */
export async function certificatesOf(
  db: Db,
  purses: readonly PurseId[],
): Promise<CertificateRow[]> {
  if (purses.length === 0) return [];
  const wanted = sql`where purse = any(${names(purses)}) order by purse, from_seq, ref`;
  return CERTIFICATES.select(db, wanted);
}

/** Certificates by reference, from what is at hand or from the database. */
export async function findCertificates(
  db: Db,
  atHand: AtHand,
  refs: readonly string[],
): Promise<CertificateRow[]> {
  const found = new Map(refs.map((ref) => [ref, atHand.get(ref)]));
  const missing = [...found].flatMap(([ref, row]) => (row === undefined ? [ref] : []));
  if (missing.length > 0) {
    const rows = await CERTIFICATES.select(db, sql`where ref = any(${names(missing)})`);
    if (atHand.size + rows.length > CERTIFICATES_AT_HAND) atHand.clear();
    for (const row of rows) {
      found.set(row.ref, row);
      atHand.set(row.ref, row);
    }
  }
  return [...found.values()].flatMap((row) => row ?? []);
}
