import { toHex } from '@tallystick/protocol';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { unhex } from '../hex.ts';
import { balanceKey, decisionKey, halfKey, proofKey, SEPARATOR } from '../keys.ts';
import type { Page, Reports } from '../port.ts';
import type { Account, BalanceRow } from '../rows.ts';
import { fleetOf } from './fleet.ts';
import { PAYEE_HALVES, PAYER_HALVES } from './halves.ts';
import { factsById, pageOfFacts, pageOfPostings } from './journal.ts';
import { BALANCES, DECISIONS, PROOFS, PURSES, unflatten } from './tables.ts';

type Db = Kysely<unknown>;
type Part = 'name' | 'text' | 'count';

/** Operators' views of the database. */
export function postgresReports(db: Db): Reports {
  return {
    purse: async (id) => {
      const [row] = await PURSES.select(db, sql`where id = ${unhex(id)}`);
      return row === undefined ? null : unflatten(row);
    },
    purses: async (after, limit) => {
      const page = await paged(db, PURSES, { id: 'name' }, ({ id }) => id, after, limit);
      return { ...page, rows: page.rows.map(unflatten) };
    },
    lostPurses: async (after, limit) => {
      const cursor = after === '' ? sql`` : sql`and id > ${unhex(after)}`;
      const rows = await PURSES.select(
        db,
        sql`where horizon is not null ${cursor} order by id limit ${limit + 1}`,
      );
      const taken = rows.slice(0, limit).map(unflatten);
      return { rows: taken, next: rows.length > limit ? (taken.at(-1)?.id ?? null) : null };
    },
    pursesOf: async (account, limit) =>
      (await PURSES.select(db, sql`where account = ${account} order by id limit ${limit}`)).map(
        unflatten,
      ),
    fleet: (since, lists) => fleetOf(db, since, lists),
    refundsDue: async (now, limit) => {
      const { rows } = await sql<{ id: Uint8Array }>`
        select id from purse where refund_pending and horizon < ${now}
        order by horizon, id limit ${limit}`.execute(db);
      return rows.map(({ id }) => toHex(id));
    },
    payerHalves: (after, limit) => paged(db, PAYER_HALVES, HALF, halfKey, after, limit),
    payeeHalves: (after, limit) => paged(db, PAYEE_HALVES, HALF, halfKey, after, limit),
    payment: async (id) => {
      const payment = unhex(id);
      const [payer] = await PAYER_HALVES.select(db, sql`where payment = ${payment}`);
      const payeePurse = payer?.payeePurse == null ? null : unhex(payer.payeePurse);
      const [payee] = await PAYEE_HALVES.select(
        db,
        sql`where payment = ${payment} and purse in (
          select ${payeePurse}::bytea
          union select purse from decision where kind = 'load' and cause = ${payment}
          union select purse from payee_half where payment = ${payment} and not addressed
        ) order by addressed desc, purse`,
      );
      return { payer: payer ?? null, payee: payee ?? null };
    },
    fact: (id) => factsById(db, id),
    facts: (after, limit) => pageOfFacts(db, after, limit),
    decisions: (after, limit) => {
      const key = { purse: 'name', kind: 'text', cause: 'name' } as const;
      return paged(db, DECISIONS, key, decisionKey, after, limit);
    },
    postings: (after, limit) => pageOfPostings(db, after, limit),
    balances: (after, limit) => paged(db, BALANCES, ACCOUNT, balanceKey, after, limit),
    proofs: (after, limit) => {
      const key = { purse: 'name', digest: 'name' } as const;
      return paged(db, PROOFS, key, proofKey, after, limit);
    },
    proof: async (digest) =>
      (await PROOFS.select(db, sql`where digest = ${unhex(digest)}`))[0] ?? null,
    totals: () => totals(db),
    currencies: async () => {
      const { rows } = await sql<{ currency: bigint }>`
        select distinct currency from balance order by currency`.execute(db);
      return rows.map(({ currency }) => Number(currency));
    },
  };
}

const HALF = { purse: 'name', payment: 'name' } as const;
const ACCOUNT = {
  purse: 'name',
  account: 'text',
  participant: 'text',
  counterparty: 'text',
  currency: 'count',
} as const;

/** Rows after a cursor, in the order of their key, whose columns and parts are given. */
async function paged<R extends object>(
  db: Db,
  table: { readonly select: (db: Db, rest: RawBuilder<unknown>) => Promise<R[]> },
  key: Readonly<Record<string, Part>>,
  keyOf: (row: R) => string,
  after: string,
  limit: number,
): Promise<Page<R>> {
  const columns = sql.join(Object.keys(key).map((column) => sql.ref(column)));
  const parts = after.split(SEPARATOR);
  const values = Object.values(key).map((part, at) => bound(part, parts[at] ?? ''));
  const beyond = after === '' ? sql`` : sql`where (${columns}) > (${sql.join(values)})`;
  const rows = await table.select(db, sql`${beyond} order by ${columns} limit ${limit + 1}`);
  const taken = rows.slice(0, limit);
  const last = taken.at(-1);
  return { rows: taken, next: rows.length > limit && last !== undefined ? keyOf(last) : null };
}

function bound(part: Part, value: string): RawBuilder<unknown> {
  switch (part) {
    case 'name':
      return sql`${unhex(value)}::bytea`;
    case 'count':
      return sql`${value}::int8`;
    case 'text':
      return sql`${value}::text`;
  }
}

async function totals(db: Db): Promise<Omit<BalanceRow, 'purse'>[]> {
  const { rows } = await sql<{
    account: Account;
    participant: string;
    counterparty: string;
    currency: bigint;
    balance: string;
  }>`
    select account, participant, counterparty, currency, sum(balance)::text as balance
    from balance group by account, participant, counterparty, currency
    order by account, participant, counterparty, currency`.execute(db);
  // A sum over all shards may be larger than one shard can hold.
  return rows.map((row) => ({
    ...row,
    currency: Number(row.currency),
    balance: BigInt(row.balance),
  }));
}
