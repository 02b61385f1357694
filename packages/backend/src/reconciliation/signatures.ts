import {
  attempt,
  decodePaymentEvidence,
  decodeRecord,
  decodeSigned,
  RECORD,
  type Signed,
  toBeSigned,
  toHex,
} from '@tallystick/protocol';
import type { Transaction } from '../store/port.ts';
import type { FactRow, PayerHalf, RecordId } from '../store/rows.ts';
import { carry } from './carried.ts';
import type { Context } from './context.ts';
import type { Work } from './work.ts';

/**
 * Asks whoever answered a payment of a purse that contradicts itself for the signature on it. Where
 * a head vouched for the payment first, its signature was never looked at; another order would have
 * had it verified, and a proof made of it (INV-ORDER). `facts` are the purse's from `fork` on.
 */
export async function askForSignatures(
  work: Work,
  tx: Transaction,
  of: { readonly facts: readonly FactRow[]; readonly fork: number; readonly isNew: boolean },
): Promise<void> {
  const signed = new Set(of.facts.flatMap(({ id, signature }) => (signature === null ? [] : id)));
  // All of them once; after that those that are heard of.
  const stored = of.isNew ? await tx.allPayerHalves(work.purse.id) : [];
  const halves = new Map<RecordId, PayerHalf>(stored.map((half) => [half.payment, half]));
  for (const half of work.payerHalves.values()) halves.set(half.payment, half);
  for (const { payment, seq, payeePurse, accepted, voided } of halves.values()) {
    if (payeePurse === null || !(accepted || voided) || seq < of.fork) continue;
    if (!signed.has(payment)) work.send(payeePurse, { kind: 'wanted', payment });
  }
}

/** Looks for the payment's signature in the evidence of this purse's own log, and sends it if it holds. */
export async function giveSignature(
  work: Work,
  tx: Transaction,
  context: Context,
  payment: RecordId,
): Promise<void> {
  const half = work.payeeHalves.get(payment);
  if (half === undefined || half.payerPurse === null) return;
  const [payer] = await tx.certificates([half.payer]);
  const evidence = (await tx.factsFrom(work.purse.id, 1)).map((fact) => evidenceOf(fact, payment));
  const signed = evidence.find((each) => each !== null);
  if (payer === undefined || signed == null || toHex(signed.kid) !== payer.ref) return;
  const key = { alg: payer.alg, bytes: payer.key };
  const check = { key, message: toBeSigned(signed), signature: signed.signature };
  const [holds] = signed.alg === payer.alg ? await context.verifyMany([check]) : [];
  if (holds !== true) return;
  work.send(half.payerPurse, {
    kind: 'answered',
    payment,
    carried: carry(signed, signed.signature),
    accepted: half.addressed && half.receiptVersion !== null,
    voided: half.addressed && half.voided,
  });
}

/** The payment that a receipt or void of this log takes up, if it is this one. */
function evidenceOf({ kind, payload, evidence }: FactRow, payment: RecordId): Signed | null {
  if (evidence === null || (kind !== RECORD.receipt && kind !== RECORD.void)) return null;
  const record = decodeRecord(payload);
  if (!('paymentId' in record) || toHex(record.paymentId) !== payment) return null;
  const read = attempt(() => {
    const { payment: wire, requestDigest } = decodePaymentEvidence(evidence);
    return decodeSigned(wire, requestDigest);
  });
  return read.ok ? read.value : null;
}
