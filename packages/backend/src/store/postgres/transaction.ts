import { type Kysely, sql } from 'kysely';
import { demandHeld } from '../held.ts';
import { unhex } from '../hex.ts';
import type { Transaction } from '../port.ts';
import type { PurseId } from '../rows.ts';
import type { AtHand } from './certificates.ts';
import { gather } from './gather.ts';
import {
  type Before,
  type Foreign,
  inLogOrder,
  lapsedHalves,
  type OfPurse,
  type OfStatement,
  readAnswers,
  readBalances,
  readCertificates,
  readProven,
  readRevocations,
  readSettled,
  waitingHalves,
} from './gathered.ts';
import { PAYER_HALVES } from './halves.ts';
import { factsFrom, type Since } from './journal.ts';
import { type Asked, readShards } from './reads.ts';
import { names } from './table.ts';
import { PURSES, unflatten } from './tables.ts';
import { writeChanges } from './write.ts';

type Db = Kysely<unknown>;

/**
 * Locks the purses, in the order of their ids so that two cannot wait in a circle. What is read of
 * many shards side by side is gathered into one statement for all of them.
 */
export async function postgresTransaction(
  db: Db,
  atHand: AtHand,
  purses: readonly PurseId[],
): Promise<Transaction> {
  const locked = await lock(db, purses);
  const rows = new Map(locked.map((row) => [row.id, row]));
  const held = new Set(purses);
  let isWritten = false;
  const demandReadable = (id: PurseId): void => {
    if (!held.has(id)) throw new Error(`this transaction does not hold the purse ${id}`);
    if (isWritten) throw new Error('reading after a write');
  };
  /** A read of shards that the transaction holds. */
  const ofHeld =
    <Q extends OfPurse, R>(read: (question: Q) => Promise<R>) =>
    async (question: Q): Promise<R> => {
      demandReadable(question.purse);
      return read(question);
    };
  const read = ofHeld(gather((asked: readonly Asked[]) => readShards(db, asked)));
  const waitingPayerHalves = ofHeld(
    gather((asked: readonly OfPurse[]) => waitingHalves(db, asked)),
  );
  const settledSince = ofHeld(gather((asked: readonly Since[]) => readSettled(db, asked)));
  const lapsedPayeeHalves = ofHeld(gather((asked: readonly Before[]) => lapsedHalves(db, asked)));
  const balances = ofHeld(gather((asked: readonly OfPurse[]) => readBalances(db, asked)));
  const answer = ofHeld(gather((asked: readonly OfStatement[]) => readAnswers(db, asked)));
  // A certificate that this very transaction adds could still be undone: it is not kept at hand.
  const certificates = gather((asked: readonly (readonly string[])[]) =>
    readCertificates(db, isWritten ? new Map() : atHand, asked),
  );
  const proven = gather((asked: readonly (readonly Foreign[])[]) => readProven(db, asked));
  const revocations = gather((asked: readonly (readonly string[])[]) => readRevocations(db, asked));
  return {
    certificates,
    purse: async (id) => {
      demandReadable(id);
      const row = rows.get(id);
      return row === undefined ? null : unflatten(row);
    },
    read: (purse, query) => {
      const mayWait = rows.get(purse)?.holes !== false;
      const { claims = false, gaps = false } = query;
      return read({ purse, query: { ...query, claims: claims && mayWait, gaps: gaps && mayWait } });
    },
    factsFrom: async (id, seq) => {
      demandReadable(id);
      return factsFrom(db, id, seq);
    },
    waitingPayerHalves: (purse) => waitingPayerHalves({ purse }),
    settledSince: (purse, epoch) => settledSince({ purse, epoch }),
    allPayerHalves: async (id) => {
      demandReadable(id);
      return inLogOrder(await PAYER_HALVES.select(db, sql`where purse = ${unhex(id)}`));
    },
    lapsedPayeeHalves: (purse, floor) => lapsedPayeeHalves({ purse, floor }),
    balances: (purse) => balances({ purse }),
    answer: (purse, statement) => answer({ purse, statement }),
    proven,
    revocations,
    write: async (...changes) => {
      isWritten = true;
      for (const each of changes) demandHeld(held, each);
      await writeChanges(db, rows, changes);
    },
  };
}

async function lock(db: Db, purses: readonly PurseId[]) {
  if (purses.length === 0) return [];
  return PURSES.select(db, sql`where id = any(${names(purses)}) order by id for update`);
}
