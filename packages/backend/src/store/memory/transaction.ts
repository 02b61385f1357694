import { balanceChanges } from '../balances.ts';
import { demandHeld } from '../held.ts';
import { balanceKey, decisionKey, factKey, postingKey } from '../keys.ts';
import type { Changes, Query, Snapshot, Transaction, View } from '../port.ts';
import type { FactPlace, FactRow, PayerHalf, PurseId } from '../rows.ts';
import { demandSound } from '../sound-posting.ts';
import type { Shard, Tables } from './tables.ts';

/** A transaction on some shards; `commit` puts its changes in place, all of them. */
export function memoryTransaction(
  tables: Tables,
  view: Pick<View, 'certificates'>,
  purses: readonly PurseId[],
): { readonly tx: Transaction; readonly commit: () => void } {
  const held = new Set(purses);
  const pending: Changes[] = [];
  const shard = (id: PurseId): Shard | undefined => {
    if (!held.has(id)) throw new Error(`this transaction does not hold the purse ${id}`);
    if (pending.length > 0) throw new Error('reading after a write');
    return tables.shards.get(id);
  };
  const tx: Transaction = {
    certificates: (refs) => view.certificates(refs),
    purse: async (id) => shard(id)?.purse ?? null,
    read: async (id, query) => readShard(shard(id), query),
    factsFrom: async (id, seq) =>
      [...(shard(id)?.facts.values() ?? [])]
        .filter((fact) => fact.seq >= seq)
        .sort((a, b) => a.seq - b.seq || (a.key < b.key ? -1 : 1)),
    waitingPayerHalves: async (id) => payerHalves(shard(id), isWaiting),
    settledSince: async (id, since) =>
      (shard(id)?.settled ?? []).flatMap(({ payment, epoch }) => (epoch >= since ? payment : [])),
    allPayerHalves: async (id) => payerHalves(shard(id), () => true),
    lapsedPayeeHalves: async (id, floor) =>
      [...(shard(id)?.payeeHalves.values() ?? [])]
        .filter((half) => half.receiptVersion === null && !half.closed && half.acceptBy < floor)
        .sort((a, b) => (a.payment < b.payment ? -1 : 1)),
    balances: async (id) => [...(shard(id)?.balances.values() ?? [])],
    answer: async (id, statement) => shard(id)?.answers.get(statement) ?? null,
    proven: async (of) =>
      new Set(
        of
          .filter(({ purse, id }) => tables.shards.get(purse)?.payerHalves.has(id) === true)
          .map(({ id }) => id),
      ),
    revocations: async (refs) =>
      new Map(
        refs.flatMap((ref) => {
          const version = tables.revocations.get(ref);
          return version === undefined ? [] : [[ref, version] as const];
        }),
      ),
    write: async (...changes) => {
      for (const each of changes) demandHeld(held, each);
      pending.push(...changes);
    },
  };
  const commit = (): void => {
    demandNew(tables, pending);
    for (const changes of pending) apply(tables, changes);
    tables.addParcel(pending.flatMap(({ letters = [] }) => letters));
  };
  return { tx, commit };
}

function isWaiting(half: PayerHalf): boolean {
  const isUnpaid = half.unload !== null && half.unload !== 'paid';
  return isUnpaid || (half.closed && !half.restored);
}

function payerHalves(shard: Shard | undefined, keep: (half: PayerHalf) => boolean): PayerHalf[] {
  return [...(shard?.payerHalves.values() ?? [])]
    .filter(keep)
    .sort((a, b) => a.seq - b.seq || (a.payment < b.payment ? -1 : 1));
}

function readShard(shard: Shard | undefined, query: Query): Snapshot {
  const pick = <T>(from: Map<string, T> | undefined, keys: readonly string[] = []): T[] =>
    [...new Set(keys)].flatMap((key) => from?.get(key) ?? []);
  const decisions = [
    ...pick(
      shard?.decisions,
      query.decisions?.map((of) => decisionKey({ ...of, purse: shard?.purse?.id ?? '' })),
    ),
    ...pick(shard?.loads, query.loadsFor),
  ];
  return {
    places: [...new Set(query.positions)].flatMap((seq) =>
      (shard?.factsAt.get(seq) ?? []).map(placeOf),
    ),
    claims: query.claims === true ? [...(shard?.claims.values() ?? [])] : [],
    gaps: query.gaps === true ? [...(shard?.gaps.values() ?? [])] : [],
    payerHalves: pick(shard?.payerHalves, query.payerHalves),
    payeeHalves: pick(shard?.payeeHalves, query.payeeHalves),
    decisions,
  };
}

function placeOf({ key, id, seq, salt, signature }: FactRow): FactPlace {
  return { key, id, seq, isEntry: salt !== null, isSigned: signature !== null };
}

/** Throws before anything is in place if a row that is written once is there already. */
function demandNew(tables: Tables, pending: readonly Changes[]): void {
  const seen = new Set<string>();
  const demand = (isThere: boolean, key: string): void => {
    if (isThere || seen.has(key)) throw new Error(`${key} is there already`);
    seen.add(key);
  };
  for (const changes of pending) {
    const { certificates = [], facts = [], postings = [], decisions = [], answers = [] } = changes;
    for (const row of facts) {
      demand(tables.shards.get(row.purse)?.facts.has(row.key) === true, factKey(row));
    }
    for (const { ref } of certificates) demand(tables.certificates.has(ref), ref);
    for (const row of postings) {
      demandSound(row);
      const key = postingKey(row);
      demand(tables.shards.get(row.purse)?.postings.has(key) === true, key);
    }
    for (const row of decisions) {
      const key = decisionKey(row);
      demand(tables.shards.get(row.purse)?.decisions.has(key) === true, key);
    }
    for (const { purse, statement } of answers) {
      demand(tables.shards.get(purse)?.answers.has(statement) === true, statement);
    }
  }
}

function apply(tables: Tables, changes: Changes): void {
  for (const row of changes.certificates ?? []) tables.addCertificate(row);
  for (const row of changes.purses ?? []) tables.shard(row.id).purse = row;
  for (const row of changes.facts ?? []) addFact(tables.shard(row.purse), row);
  for (const { purse, key } of changes.claimsGone ?? []) tables.shard(purse).claims.delete(key);
  for (const row of changes.claims ?? []) tables.shard(row.purse).claims.set(row.key, row);
  for (const { purse, head } of changes.gapsGone ?? []) tables.shard(purse).gaps.delete(head);
  for (const row of changes.gaps ?? []) tables.shard(row.purse).gaps.set(row.head, row);
  for (const row of changes.payerHalves ?? []) putPayerHalf(tables.shard(row.purse), row);
  for (const row of changes.payeeHalves ?? [])
    tables.shard(row.purse).payeeHalves.set(row.payment, row);
  for (const row of changes.postings ?? [])
    tables.shard(row.purse).postings.set(postingKey(row), row);
  for (const change of balanceChanges(changes.postings ?? [])) {
    const { balances } = tables.shard(change.purse);
    const old = balances.get(balanceKey(change))?.balance ?? 0n;
    balances.set(balanceKey(change), { ...change, balance: old + change.balance });
  }
  tables.addDecisions(changes.decisions ?? []);
  for (const row of changes.answers ?? []) tables.shard(row.purse).answers.set(row.statement, row);
  for (const row of changes.proofs ?? []) tables.shard(row.purse).proofs.set(row.digest, row);
}

function putPayerHalf(shard: Shard, half: PayerHalf): void {
  const { payment, settledEpoch: epoch } = half;
  const before = shard.payerHalves.get(payment)?.settledEpoch ?? null;
  if (before === null && epoch !== null) shard.settled.push({ payment, epoch });
  shard.payerHalves.set(payment, half);
}

function addFact(shard: Shard, fact: FactRow): void {
  shard.facts.set(fact.key, fact);
  shard.factsAt.set(fact.seq, [...(shard.factsAt.get(fact.seq) ?? []), fact]);
  shard.factsById.set(fact.id, [...(shard.factsById.get(fact.id) ?? []), fact]);
}
