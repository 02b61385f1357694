import {
  type Bytes,
  encodeCbor,
  encodeSigned,
  err,
  nextHead,
  ok,
  type Payment,
  payment,
  recordId,
  type Result,
  SALT_BYTES,
  toHex,
} from '@tallystick/protocol';
import { unhex } from '../store/hex.ts';
import type { Transaction } from '../store/port.ts';
import type { CertificateRef, CertificateRow, PurseId } from '../store/rows.ts';
import type { Context } from './context.ts';
import { newPayeeHalf } from './halves.ts';
import { loadPosting } from './postings.ts';
import { sideBySide } from './side-by-side.ts';
import { Work } from './work.ts';

/** A load whose money the rail has taken from the holder's account already. */
export interface LoadOrder {
  readonly purse: PurseId;
  /** The purse's certificate that made the request. */
  readonly payee: CertificateRef;
  /** SHA-256 of the signed request: the load is idempotent by it. */
  readonly requestDigest: Bytes;
  /** Minor units of the purse's currency. */
  readonly amount: bigint;
  readonly acceptMinutes: number;
}

/** The issuer's own log is open to it anyway: its heads need no salt. */
const NO_SALT = new Uint8Array(SALT_BYTES);

/**
 * Signs loads from each purse's own issuer sub-purse (rule 10), persists and posts them, and returns
 * each COSE_Sign1: the same bytes for the same request. Orders are of different purses, and share a
 * transaction only to share its cost.
 * Errors of each: UNKNOWN_CERTIFICATE; REVOKED for a purse that is revoked or a culprit.
 */
export async function recordLoads(
  orders: readonly LoadOrder[],
  context: Context,
): Promise<readonly Result<Bytes>[]> {
  const purses = orders.map(({ purse }) => purse);
  const rows = await context.store.certificatesOf(purses);
  const certificates = Map.groupBy(rows, ({ purse }) => purse);
  return context.store.transaction(purses, async (tx) => {
    const loads = await sideBySide(
      orders.map((order) => prepareLoad(order, tx, context, certificates.get(order.purse) ?? [])),
    );
    await tx.write(...loads.flatMap(({ work }) => work?.changes() ?? []));
    return loads.map(({ outcome }) => outcome);
  });
}

/** {@link recordLoads} of one. */
export async function recordLoad(order: LoadOrder, context: Context): Promise<Result<Bytes>> {
  const [outcome] = await recordLoads([order], context);
  return outcome as Result<Bytes>;
}

interface Prepared {
  /** What is to be written; null for a load that is there, or refused. */
  readonly work: Work | null;
  readonly outcome: Result<Bytes>;
}

async function prepareLoad(
  order: LoadOrder,
  tx: Transaction,
  context: Context,
  certificates: readonly CertificateRow[],
): Promise<Prepared> {
  const row = await tx.purse(order.purse);
  const digest = toHex(order.requestDigest);
  const { decisions } = await tx.read(order.purse, { loadsFor: [digest] });
  // GUARD load-once (rule 10): one request is one load, however often it comes.
  if (decisions[0] !== undefined) return { work: null, outcome: ok(decisions[0].wire) };
  if (row === null || !certificates.some(({ ref }) => ref === order.payee)) {
    const says = 'the load is for a purse that is not enrolled';
    return { work: null, outcome: err('UNKNOWN_CERTIFICATE', says) };
  }
  if (row.revokedAt !== null || row.horizon !== null || row.standing === 'culprit') {
    return { work: null, outcome: err('REVOKED', 'the purse cannot be loaded any more') };
  }
  const time = context.now();
  const message = loadPayment(order, row.loadSeq + 1, unhex(row.loadHead), {
    time,
    currency: row.currency,
  });
  const draft = { external: order.requestDigest, payload: encodeCbor(payment.encode(message)) };
  const signed = await context.issuer.sign(row.participant, draft);
  const [issuer] = await tx.certificates([toHex(signed.kid)]);
  if (issuer === undefined) throw new Error('the issuing key has no certificate in the store');

  const id = recordId(signed);
  const wire = encodeSigned(signed);
  const work = new Work(row, certificates);
  const loadHead = toHex(nextHead(message.head, NO_SALT, id));
  work.purse = { ...row, loadSeq: message.seq, loadHead };
  const of = { id: toHex(id), payment: message };
  const half = newPayeeHalf(work.purse, work.ownRefs, of, issuer, null);
  work.putPayee(half, null);
  work.post(loadPosting(row, half));
  work.decide({
    purse: row.id,
    kind: 'load',
    cause: toHex(id),
    wire,
    external: order.requestDigest,
    time,
    version: 0,
  });
  return { work, outcome: ok(wire) };
}

function loadPayment(
  order: LoadOrder,
  seq: number,
  head: Bytes,
  at: { readonly time: number; readonly currency: number },
): Payment {
  return {
    seq,
    head,
    payee: unhex(order.payee),
    value: { kind: 1, currency: at.currency, amount: order.amount, hop: 0 },
    syncedAt: at.time,
    acceptMinutes: order.acceptMinutes,
  };
}
