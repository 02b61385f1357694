import type { Fleet, Page, Reports } from '../port.ts';
import type { BalanceRow, PayeeHalf, PurseRow } from '../rows.ts';
import { balanceKey, decisionKey, factKey, halfKey, postingKey, proofKey } from '../keys.ts';
import type { Shard, Tables } from './tables.ts';

/** Operators' views of a memory store, in the same order and with the same cursors as a database's. */
export function createMemoryReports(tables: Tables): Reports {
  const all = <T>(of: (shard: Shard) => Iterable<T>): T[] =>
    [...tables.shards.values()].flatMap((shard) => [...of(shard)]);
  return {
    purse: async (id) => tables.shards.get(id)?.purse ?? null,
    purses: async (after, limit) =>
      page(
        all(({ purse }) => (purse === null ? [] : [purse])),
        ({ id }) => id,
        after,
        limit,
      ),
    lostPurses: async (after, limit) =>
      page(
        all(({ purse }) => (purse === null || purse.horizon === null ? [] : [purse])),
        ({ id }) => id,
        after,
        limit,
      ),
    pursesOf: async (account, limit) =>
      pursesIn(tables)
        .filter((purse) => purse.account === account)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    fleet: async (since, lists) => fleetOf(pursesIn(tables), since, lists),
    refundsDue: async (now, limit) =>
      all(({ purse }) => (purse === null || !purse.refundPending ? [] : [purse]))
        .map(({ id, horizon }) => ({ id, horizon: horizon ?? now }))
        .filter(({ horizon }) => horizon < now)
        .sort((a, b) => a.horizon - b.horizon || (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id),
    payerHalves: async (after, limit) =>
      page(
        all((shard) => shard.payerHalves.values()),
        halfKey,
        after,
        limit,
      ),
    payeeHalves: async (after, limit) =>
      page(
        all((shard) => shard.payeeHalves.values()),
        halfKey,
        after,
        limit,
      ),
    payment: async (id) => ({
      payer: all((shard) => take(shard.payerHalves.get(id)))[0] ?? null,
      payee: addressedFirst(all((shard) => take(shard.payeeHalves.get(id))))[0] ?? null,
    }),
    fact: async (id) => all((shard) => shard.factsById.get(id) ?? []),
    facts: async (after, limit) =>
      page(
        all((shard) => shard.facts.values()),
        factKey,
        after,
        limit,
      ),
    decisions: async (after, limit) =>
      page(
        all((shard) => shard.decisions.values()),
        decisionKey,
        after,
        limit,
      ),
    postings: async (after, limit) =>
      page(
        all((shard) => shard.postings.values()),
        postingKey,
        after,
        limit,
      ),
    balances: async (after, limit) =>
      page(
        all((shard) => shard.balances.values()),
        balanceKey,
        after,
        limit,
      ),
    proofs: async (after, limit) =>
      page(
        all((shard) => shard.proofs.values()),
        proofKey,
        after,
        limit,
      ),
    proof: async (digest) =>
      all((shard) => shard.proofs.values()).find((row) => row.digest === digest) ?? null,
    totals: async () => totals(all((shard) => shard.balances.values())),
    currencies: async () =>
      [...new Set(all((shard) => shard.balances.values()).map((row) => row.currency))].sort(
        (a, b) => a - b,
      ),
  };
}

function pursesIn({ shards }: Tables): PurseRow[] {
  return [...shards.values()].flatMap(({ purse }) => purse ?? []);
}

function fleetOf(purses: readonly PurseRow[], since: readonly number[], lists: number): Fleet {
  const count = (is: (purse: PurseRow) => boolean): number => purses.filter(is).length;
  const versions = [...new Set(purses.map(({ listVersion }) => listVersion))];
  return {
    purses: purses.length,
    suspect: count(({ standing }) => standing === 'suspect'),
    culprit: count(({ standing }) => standing === 'culprit'),
    revoked: count(({ revokedAt }) => revokedAt !== null),
    lost: count(({ horizon }) => horizon !== null),
    syncedSince: since.map((from) =>
      count(({ syncedAt }) => syncedAt !== null && syncedAt >= from),
    ),
    neverSynced: count(({ syncedAt }) => syncedAt === null),
    lists: versions
      .sort((a, b) => (b ?? -1) - (a ?? -1))
      .slice(0, lists)
      .map((version) => ({ version, purses: count((each) => each.listVersion === version) })),
  };
}

function addressedFirst(halves: readonly PayeeHalf[]): PayeeHalf[] {
  const rank = (half: PayeeHalf): string => `${half.addressed ? 0 : 1}${half.purse}`;
  return [...halves].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function take<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

function page<T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  after: string,
  limit: number,
): Page<T> {
  const keyed = rows.map((row) => ({ row, key: keyOf(row) })).filter(({ key }) => key > after);
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const taken = keyed.slice(0, limit);
  const next = keyed.length > limit ? (taken.at(-1)?.key ?? null) : null;
  return { rows: taken.map(({ row }) => row), next };
}

function totals(rows: readonly BalanceRow[]): Omit<BalanceRow, 'purse'>[] {
  const byKey = new Map<string, Omit<BalanceRow, 'purse'>>();
  for (const { purse: _, ...row } of rows) {
    const key = balanceKey({ ...row, purse: '' });
    byKey.set(key, { ...row, balance: row.balance + (byKey.get(key)?.balance ?? 0n) });
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
