import { type Kysely, type RawBuilder, sql } from 'kysely';
import { unhex } from '../hex.ts';
import { demandHeld } from '../held.ts';
import type { Query, Snapshot, Transaction } from '../port.ts';
import type { DecisionRow, FactRow, PayeeHalf, PayerHalf, PurseId } from '../rows.ts';
import { type AtHand, findCertificates } from './certificates.ts';
import { counts, names, texts } from './table.ts';
import {
  ANSWERS,
  BALANCES,
  CLAIMS,
  DECISIONS,
  FACTS,
  GAPS,
  PAYEE_HALVES,
  PAYER_HALVES,
  PURSES,
  unflatten,
} from './tables.ts';
import { writeChanges } from './write.ts';

type Db = Kysely<unknown>;

/** Locks the purses, in the order of their ids so that two cannot wait in a circle. */
export async function postgresTransaction(
  db: Db,
  atHand: AtHand,
  purses: readonly PurseId[],
): Promise<Transaction> {
  const locked = await lock(db, purses);
  const rows = new Map(locked.map((row) => [row.id, row]));
  const held = new Set(purses);
  let isWritten = false;
  const of = (id: PurseId): RawBuilder<unknown> => {
    if (!held.has(id)) throw new Error(`this transaction does not hold the purse ${id}`);
    if (isWritten) throw new Error('reading after a write');
    return sql`where purse = ${unhex(id)}`;
  };
  const payerHalves = (id: PurseId, rest: RawBuilder<unknown>): Promise<PayerHalf[]> =>
    PAYER_HALVES.select(db, sql`${of(id)} ${rest} order by seq, payment`);
  return {
    // A certificate that this very transaction adds could still be undone: it is not kept at hand.
    certificates: (refs) => findCertificates(db, isWritten ? new Map() : atHand, refs),
    purse: async (id) => {
      of(id);
      const row = rows.get(id);
      return row === undefined ? null : unflatten(row);
    },
    read: (id, query) => read(db, of(id), query),
    factsFrom: (id, seq) => FACTS.select(db, sql`${of(id)} and seq >= ${seq} order by seq, key`),
    waitingPayerHalves: (id) =>
      payerHalves(id, sql`and (unload in ('held', 'frozen') or (closed and not restored))`),
    settledPayerHalves: async (id, epoch, limit) =>
      PAYER_HALVES.select(
        db,
        sql`${of(id)} and settled_epoch >= ${epoch} order by seq, payment limit ${limit}`,
      ),
    allPayerHalves: (id) => payerHalves(id, sql``),
    lapsedPayeeHalves: async (id, floor) =>
      PAYEE_HALVES.select(
        db,
        sql`${of(id)} and receipt_version is null and not closed and accept_by < ${floor}
          order by payment`,
      ),
    balances: (id) => BALANCES.select(db, of(id)),
    answer: async (id, statement) => {
      const found = await ANSWERS.select(db, sql`${of(id)} and statement = ${unhex(statement)}`);
      return found[0] ?? null;
    },
    proven: (facts) => proven(db, facts),
    revocations: (refs) => revocations(db, refs),
    write: async (changes) => {
      isWritten = true;
      demandHeld(held, changes);
      await writeChanges(db, changes);
    },
  };
}

async function lock(db: Db, purses: readonly PurseId[]) {
  if (purses.length === 0) return [];
  return PURSES.select(db, sql`where id = any(${names(purses)}) order by id for update`);
}

async function read(db: Db, of: RawBuilder<unknown>, query: Query): Promise<Snapshot> {
  const { positions = [], facts = [], payerHalves = [], payeeHalves = [] } = query;
  return {
    facts: await readFacts(db, of, positions, facts),
    claims: query.claims === true ? await CLAIMS.select(db, sql`${of} order by key`) : [],
    gaps: query.gaps === true ? await GAPS.select(db, sql`${of} order by head`) : [],
    payerHalves: await halves<PayerHalf>(db, PAYER_HALVES, of, payerHalves),
    payeeHalves: await halves<PayeeHalf>(db, PAYEE_HALVES, of, payeeHalves),
    decisions: [
      ...(await readDecisions(db, of, query.decisions ?? [])),
      ...(await readLoads(db, of, query.loadsFor ?? [])),
    ],
  };
}

async function readFacts(
  db: Db,
  of: RawBuilder<unknown>,
  positions: readonly number[],
  ids: readonly string[],
): Promise<FactRow[]> {
  const at = await (positions.length === 0
    ? []
    : FACTS.select(db, sql`${of} and seq = any(${counts(positions)})`));
  const named = await (ids.length === 0
    ? []
    : FACTS.select(db, sql`${of} and id = any(${names(ids)})`));
  return [...new Map([...at, ...named].map((fact) => [fact.key, fact])).values()];
}

async function halves<H extends PayerHalf | PayeeHalf>(
  db: Db,
  table: { select(db: Db, rest: RawBuilder<unknown>): Promise<H[]> },
  of: RawBuilder<unknown>,
  payments: readonly string[],
): Promise<H[]> {
  if (payments.length === 0) return [];
  return table.select(db, sql`${of} and payment = any(${names(payments)})`);
}

async function readDecisions(
  db: Db,
  of: RawBuilder<unknown>,
  wanted: readonly Pick<DecisionRow, 'kind' | 'cause'>[],
): Promise<DecisionRow[]> {
  if (wanted.length === 0) return [];
  const kinds = texts(wanted.map(({ kind }) => kind));
  const causes = names(wanted.map(({ cause }) => cause));
  return DECISIONS.select(
    db,
    sql`${of} and (kind, cause) in (select * from unnest(${kinds}, ${causes}))`,
  );
}

async function readLoads(
  db: Db,
  of: RawBuilder<unknown>,
  requests: readonly string[],
): Promise<DecisionRow[]> {
  if (requests.length === 0) return [];
  return DECISIONS.select(db, sql`${of} and kind = 'load' and external = any(${names(requests)})`);
}

async function proven(
  db: Db,
  facts: readonly { readonly purse: PurseId; readonly id: string }[],
): Promise<Set<string>> {
  if (facts.length === 0) return new Set();
  const ids = names(facts.map(({ id }) => id));
  const purses = names(facts.map(({ purse }) => purse));
  const { rows } = await sql<{ id: string }>`
    select encode(wanted.id, 'hex') as id from unnest(${ids}, ${purses}) as wanted (id, purse)
    where exists (
      select from fact where fact.id = wanted.id and fact.purse = wanted.purse
    )`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

async function revocations(db: Db, refs: readonly string[]): Promise<Map<string, number>> {
  if (refs.length === 0) return new Map();
  const rows = await DECISIONS.select(
    db,
    sql`where kind = 'revocation' and cause = any(${names(refs)})`,
  );
  return new Map(rows.map(({ cause, version }) => [cause, version]));
}
