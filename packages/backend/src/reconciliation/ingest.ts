import {
  attempt,
  type Bytes,
  decodePayload,
  decodeSigned,
  decodeUpload,
  demand,
  err,
  ok,
  RECORD,
  recordId,
  type Refusal,
  reject,
  type Result,
  type Signed,
  type Statement,
  statement,
  toBeSigned,
  toHex,
  type Upload,
} from '@tallystick/protocol';
import type { Transaction } from '../store/port.ts';
import type { CertificateRow, PurseRow } from '../store/rows.ts';
import { absorb, statedBy } from './absorb.ts';
import { answerFor, openClosures } from './answers.ts';
import { signedFact } from './carried.ts';
import { laterClosing } from './closures.ts';
import type { Context } from './context.ts';
import { type Entry, readEntry } from './entries.ts';
import { passOn } from './proofs.ts';
import { settleShard } from './settlement.ts';
import { Work } from './work.ts';

/** What came of one upload; the service adds list, policy and certificates to make the reply. */
export interface Ingested {
  readonly purse: PurseRow;
  readonly statement: Statement;
  /** COSE_Sign1; the same bytes for the same statement, however often it comes. */
  readonly answer: Bytes;
  /** Closures of payments this purse has not taken back yet, at most `LIMITS.closuresPerAnswer`. */
  readonly closures: readonly Bytes[];
  /** Entries that were refused, by position in the upload. */
  readonly refused: readonly Refusal[];
}

interface Opened {
  readonly upload: Upload;
  readonly signed: Signed;
  readonly statement: Statement;
  readonly id: string;
}

/**
 * Takes in one encoded upload (TS-SYN-2): facts, their consequences in this purse's shard, messages
 * to others, and the answer, in one transaction. Safe to repeat, interleave and reorder.
 * Errors: decoding codes; UNKNOWN_CERTIFICATE; WRONG_ROLE for an issuing key; ALGORITHM_MISMATCH,
 * WRONG_KEY and BAD_SIGNATURE for the statement itself.
 */
export async function ingest(bytes: Bytes, context: Context): Promise<Result<Ingested>> {
  const opened = attempt(() => open(bytes));
  if (!opened.ok) return opened;
  const { upload } = opened.value;
  const signer = await signerOf(opened.value, context);
  if (!signer.ok) return signer;
  const proofs = await passOn(upload.proofs, context);

  const { entries, refused } = readEntries(upload.entries);
  const purse = signer.value;
  const certificates = await context.store.certificatesOf([purse]);
  return context.store.transaction([purse], async (tx) => {
    const row = await tx.purse(purse);
    if (row === null) throw new Error(`the purse ${purse} has certificates but no row`);
    const work = new Work(row, certificates);
    for (const proof of proofs) work.send(proof.to, proof.id, proof.message);
    const taken = await take(work, tx, context, opened.value, entries);
    await settleShard(work, tx, context, taken.isClosing);
    const closures = await openClosures(work, tx);
    const answer = await answerFor(work, tx, context, opened.value.id, {
      ackedTo: taken.ackedTo,
      sinceEpoch: opened.value.statement.epoch,
    });
    await tx.write(work.changes());
    const all = [...refused, ...taken.refused].sort((a, b) => a.index - b.index);
    return ok({
      purse: work.purse,
      statement: opened.value.statement,
      answer,
      closures,
      refused: all,
    });
  });
}

function open(bytes: Bytes): Opened {
  const upload = decodeUpload(bytes);
  const signed = decodeSigned(upload.statement);
  const message = decodePayload(signed.payload, statement, 'statement');
  return { upload, signed, statement: message, id: toHex(recordId(signed)) };
}

/** The purse that made the statement, once its signature verifies under a key valid there. */
async function signerOf(
  { signed, statement: made }: Opened,
  { store, verifyMany }: Context,
): Promise<Result<string>> {
  const [certificate] = await store.certificates([toHex(signed.kid)]);
  const purse = attempt(() => purseOf(certificate, signed, made));
  if (!purse.ok || certificate === undefined) return purse;
  const key = { alg: certificate.alg, bytes: certificate.key };
  const [holds] = await verifyMany([
    { key, message: toBeSigned(signed), signature: signed.signature },
  ]);
  return holds === true ? purse : err('BAD_SIGNATURE', 'statement');
}

function purseOf(certificate: CertificateRow | undefined, signed: Signed, made: Statement): string {
  if (certificate === undefined) return reject('UNKNOWN_CERTIFICATE');
  demand(signed.alg === certificate.alg, 'ALGORITHM_MISMATCH', 'statement');
  demand(certificate.fromSeq <= made.seq, 'WRONG_KEY', 'statement before its certificate');
  return certificate.purse ?? reject('WRONG_ROLE', 'an issuing key has no log');
}

function readEntries(bytes: readonly Bytes[]): { entries: Entry[]; refused: Refusal[] } {
  const entries: Entry[] = [];
  const refused: Refusal[] = [];
  for (const [index, each] of bytes.entries()) {
    const read = readEntry(each, index);
    if (read.ok) entries.push(read.value);
    else refused.push({ index, code: read.error.code });
  }
  return { entries, refused };
}

interface Taken {
  readonly refused: readonly Refusal[];
  readonly ackedTo: number;
  /** Closures may name this statement from now on. */
  readonly isClosing: boolean;
}

/** The statement and its entries become facts; the purse row remembers how far its log is proven. */
async function take(
  work: Work,
  tx: Transaction,
  context: Context,
  { signed, statement: made, id }: Opened,
  entries: readonly Entry[],
): Promise<Taken> {
  const { facts } = await tx.read(work.purse.id, { facts: [id] });
  const entry = entries.find((each) => each.id === id) ?? null;
  const absorbed = await absorb(work, tx, context, {
    entries,
    statement: { stated: statedBy(entry, made), seq: made.seq, entry, signature: signed.signature },
  });
  // Its signature is kept even where its entry is missing, or came before without it.
  const isSigned = [...facts, ...work.newFacts].some((each) => each.id === id && each.signature);
  if (!isSigned) work.addFact(signedFact(work.purse.id, signed, RECORD.statement, made.seq));

  const last = entry === null ? made.seq - 1 : made.seq;
  const ackedTo = absorbed.isGapless ? last : absorbed.unbrokenTo;
  const before = work.purse;
  const isOldEpoch = made.epoch !== before.epoch && made.epoch !== before.epoch - 1;
  work.purse = {
    ...before,
    provenSeq: Math.max(before.provenSeq, ackedTo),
    rolledBack: before.rolledBack || (facts.length === 0 && isOldEpoch),
    closing: absorbed.isGapless
      ? laterClosing(before.closing, { id, seq: made.seq, floor: made.floor })
      : before.closing,
  };
  const isClosing = work.purse.closing !== before.closing;
  return { refused: absorbed.refused, ackedTo, isClosing };
}
