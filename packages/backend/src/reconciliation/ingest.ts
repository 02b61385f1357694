import {
  type Bytes,
  ok,
  RECORD,
  type Refusal,
  type Result,
  sha256,
  type Statement,
  toHex,
} from '@tallystick/protocol';
import type { Transaction } from '../store/port.ts';
import type { CertificateRow, PurseRow, RecordId } from '../store/rows.ts';
import { absorb } from './absorb.ts';
import { answerFor, openClosures } from './answers.ts';
import { signedFact } from './carried.ts';
import { laterClosing } from './closures.ts';
import type { Context } from './context.ts';
import { type Entry, readEntries } from './entries.ts';
import { type Opened, openUploads } from './opening.ts';
import { type Passed, passOn } from './proofs.ts';
import { settleShard } from './settlement.ts';
import { sideBySide } from './side-by-side.ts';
import { Work } from './work.ts';

/** What came of one upload; the service adds list, policy and certificates to make the reply. */
export interface Ingested {
  readonly purse: PurseRow;
  readonly statement: Statement;
  readonly statementId: RecordId;
  /** COSE_Sign1; the same bytes for the same statement, however often it comes. */
  readonly answer: Bytes;
  /** Closures of payments this purse has not taken back yet, at most `LIMITS.closuresPerAnswer`. */
  readonly closures: readonly Bytes[];
  /** Entries that were refused, by position in the upload. */
  readonly refused: readonly Refusal[];
}

/**
 * Takes in encoded uploads (TS-SYN-2): facts, their consequences in each purse's own shard, messages
 * to others, and the answers. Safe to repeat, interleave and reorder.
 *
 * Uploads of different purses know nothing of each other: they share one transaction only so that
 * they share its cost, and a transaction that fails takes in none of them.
 * Errors of each upload: those of {@link openUploads}.
 */
export async function ingestMany(
  uploads: readonly Bytes[],
  context: Context,
): Promise<readonly Result<Ingested>[]> {
  // Devices repeat what was not answered in time: the same bytes mean the same, and are taken once.
  const once = new Map<string, Bytes>();
  const digests = uploads.map((bytes) => {
    const digest = toHex(sha256(bytes));
    once.set(digest, bytes);
    return digest;
  });
  const opened = await openUploads(once, context);
  const outcomes = new Map<Opened, Ingested>();
  for (const round of rounds([...opened.values()].flatMap((each) => (each.ok ? each.value : [])))) {
    const ingested = await takeRound(round, context);
    for (const [index, each] of ingested.entries()) outcomes.set(round[index] as Opened, each);
  }
  return digests.map((digest) => {
    const each = opened.get(digest) as Result<Opened>;
    return each.ok ? ok(outcomes.get(each.value) as Ingested) : each;
  });
}

/** {@link ingestMany} of one. */
export async function ingest(bytes: Bytes, context: Context): Promise<Result<Ingested>> {
  const [outcome] = await ingestMany([bytes], context);
  return outcome as Result<Ingested>;
}

/** Uploads of one purse follow each other, in their order; each round has one of every purse left. */
function rounds(uploads: readonly Opened[]): Opened[][] {
  const out: Opened[][] = [];
  for (const sequence of Map.groupBy(uploads, ({ purse }) => purse).values()) {
    for (const [turn, upload] of sequence.entries()) (out[turn] ??= []).push(upload);
  }
  return out;
}

async function takeRound(round: readonly Opened[], context: Context): Promise<readonly Ingested[]> {
  const purses = round.map(({ purse }) => purse);
  const rows = await context.store.certificatesOf(purses);
  const certificates = Map.groupBy(rows, ({ purse }) => purse);
  const proofs = await sideBySide(round.map((upload) => passOn(upload.proofs, context)));
  return context.store.transaction(purses, async (tx) => {
    const taken = await sideBySide(
      round.map((upload, index) =>
        take(upload, tx, context, {
          certificates: certificates.get(upload.purse) ?? [],
          proofs: proofs[index] ?? [],
        }),
      ),
    );
    await tx.write(...taken.map(({ work }) => work.changes()));
    return taken.map(({ ingested }) => ingested);
  });
}

/** Everything that one upload means to its own purse's shard. */
async function take(
  upload: Opened,
  tx: Transaction,
  context: Context,
  of: { readonly certificates: readonly CertificateRow[]; readonly proofs: readonly Passed[] },
): Promise<{ readonly work: Work; readonly ingested: Ingested }> {
  const { purse, statement, id, digest } = upload;
  const row = await tx.purse(purse);
  if (row === null) throw new Error(`the purse ${purse} has certificates but no row`);
  const work = new Work(row, of.certificates);
  const given = await tx.answer(purse, id);
  if (given?.upload === digest) {
    // The very same bytes were taken in whole: there is nothing in them to look at again.
    const closures = await openClosures(work, tx);
    return {
      work,
      ingested: {
        purse: row,
        statement,
        statementId: id,
        answer: given.wire,
        closures,
        refused: [],
      },
    };
  }
  for (const proof of of.proofs) work.send(proof.to, proof.message);
  const { entries, refused: unread } = readEntries(upload.entries);
  const taken = await takeLog(work, tx, context, { ...upload, entries });
  await settleShard(work, tx, context, taken.isClosing);
  const closures = await openClosures(work, tx);
  const refused = [...unread, ...taken.refused].sort((a, b) => a.index - b.index);
  const isWhole = refused.length === 0 && taken.isGapless;
  const answer = await answerFor(work, tx, context, id, {
    given,
    ackedTo: taken.ackedTo,
    sinceEpoch: statement.epoch,
    listVersion: statement.listVersion,
    upload: isWhole ? digest : null,
  });
  return {
    work,
    ingested: { purse: work.purse, statement, statementId: id, answer, closures, refused },
  };
}

interface Taken {
  readonly refused: readonly Refusal[];
  readonly ackedTo: number;
  readonly isGapless: boolean;
  /** Closures may name this statement from now on. */
  readonly isClosing: boolean;
}

/** The statement and its entries become facts; the purse row remembers how far its log is proven. */
async function takeLog(
  work: Work,
  tx: Transaction,
  context: Context,
  upload: Omit<Opened, 'entries'> & { readonly entries: readonly Entry[] },
): Promise<Taken> {
  const { signed, statement: made, id, entries } = upload;
  // Nothing signs the salt of the statement's own entry, and so not the head after it: whoever carries the
  // upload could change it. The next statement vouches for that entry (TS-SYN-9).
  const vouched = entries.filter((each) => each.id !== id);
  const absorbed = await absorb(work, tx, context, {
    entries: vouched,
    statement: { id, seq: made.seq, stated: { head: toHex(made.head), seq: made.seq - 1 } },
  });
  if (!work.signed.has(id))
    work.addFact(signedFact(work.purse.id, signed, RECORD.statement, made.seq));

  const ackedTo = absorbed.isGapless ? made.seq - 1 : absorbed.unbrokenTo;
  const before = work.purse;
  const isOldEpoch = made.epoch !== before.epoch && made.epoch !== before.epoch - 1;
  work.purse = {
    ...before,
    provenSeq: Math.max(before.provenSeq, ackedTo),
    rolledBack: before.rolledBack || (!absorbed.isKnown && isOldEpoch),
    // GUARD complete-log (rule 2): a log with a hole closes no payment.
    closing: absorbed.isGapless
      ? laterClosing(before.closing, { id, seq: made.seq, floor: made.floor })
      : before.closing,
  };
  const isClosing = work.purse.closing !== before.closing;
  const { refused, isGapless } = absorbed;
  return { refused, ackedTo, isGapless, isClosing };
}
