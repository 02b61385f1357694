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
import type { CertificateRef, PurseId } from '../store/rows.ts';
import type { Context } from './context.ts';
import { newPayeeHalf } from './halves.ts';
import { loadPosting } from './postings.ts';
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
 * Signs a load from the purse's own issuer sub-purse (rule 10), persists and posts it, and returns
 * its COSE_Sign1: the same bytes for the same request.
 * Errors: UNKNOWN_CERTIFICATE; REVOKED for a purse that is revoked or a culprit.
 */
export async function recordLoad(order: LoadOrder, context: Context): Promise<Result<Bytes>> {
  const certificates = await context.store.certificatesOf([order.purse]);
  return context.store.transaction([order.purse], async (tx) => {
    const row = await tx.purse(order.purse);
    const digest = toHex(order.requestDigest);
    const { decisions } = await tx.read(order.purse, { loadsFor: [digest] });
    if (decisions[0] !== undefined) return ok(decisions[0].wire);
    if (row === null || !certificates.some(({ ref }) => ref === order.payee)) {
      return err('UNKNOWN_CERTIFICATE', 'the load is for a purse that is not enrolled');
    }
    if (row.revokedAt !== null || row.horizon !== null || row.standing === 'culprit') {
      return err('REVOKED', 'the purse cannot be loaded any more');
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
    await tx.write(work.changes());
    return ok(wire);
  });
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
