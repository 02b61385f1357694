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
import type { Entry } from './entries.ts';
import { readGrounds } from './grounds.ts';
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

/**
 * Looks for the signatures on some payments in the evidence of this purse's own log, and sends those
 * that hold. The log is read once, however many are wanted.
 */
export async function giveSignatures(
  work: Work,
  tx: Transaction,
  context: Context,
  wanted: ReadonlySet<RecordId>,
): Promise<void> {
  if (wanted.size === 0) return;
  const facts = await tx.factsFrom(work.purse.id, 1);
  await tell(
    work,
    tx,
    context,
    facts.flatMap((fact) => evidenceOf(fact, wanted)),
  );
}

/**
 * A log may be brought twice, each time with other signatures in its evidence: no head covers them.
 * Where the first time a head vouched for the payment, nobody looked at its signature, so those that
 * come again are, and what holds is sent (INV-ORDER). `entries` are facts already.
 */
export async function tellAgain(
  work: Work,
  tx: Transaction,
  context: Context,
  entries: readonly Entry[],
): Promise<void> {
  const shown = entries.flatMap((entry): Shown[] => {
    const grounds = readGrounds(entry);
    if (!grounds.ok || grounds.value.kind !== 'payment' || entry.payment === null) return [];
    return [{ payment: entry.payment, signed: grounds.value.signed }];
  });
  if (shown.length === 0) return;
  work.learn(await tx.read(work.purse.id, { payeeHalves: shown.map(({ payment }) => payment) }));
  await tell(work, tx, context, shown);
}

/** A payment as some entry shows it. */
interface Shown {
  readonly payment: RecordId;
  readonly signed: Signed;
}

/** Sends each payment to its payer, once, under a signature that holds. */
async function tell(
  work: Work,
  tx: Transaction,
  context: Context,
  shown: readonly Shown[],
): Promise<void> {
  const refs = new Set(shown.flatMap(({ payment }) => work.payeeHalves.get(payment)?.payer ?? []));
  const payers = new Map((await tx.certificates([...refs])).map((row) => [row.ref, row]));
  const signed = shown.flatMap((each) => {
    const half = work.payeeHalves.get(each.payment);
    const payer = payers.get(half?.payer ?? '');
    const isTheirs = toHex(each.signed.kid) === payer?.ref && each.signed.alg === payer.alg;
    return half?.payerPurse == null || !isTheirs
      ? []
      : [{ ...each, half, to: half.payerPurse, key: { alg: payer.alg, bytes: payer.key } }];
  });
  if (signed.length === 0) return;
  const verdicts = await context.verifyMany(
    signed.map(({ key, signed: each }) => ({
      key,
      message: toBeSigned(each),
      signature: each.signature,
    })),
  );
  const told = new Set<RecordId>();
  for (const [at, { payment, half, to, signed: each }] of signed.entries()) {
    if (verdicts[at] !== true || told.has(payment)) continue;
    told.add(payment);
    work.send(to, {
      kind: 'answered',
      payment,
      carried: carry(each, each.signature),
      accepted: half.addressed && half.receiptVersion !== null,
      voided: half.addressed && half.voided,
    });
  }
}

/** The payment that a receipt or void of this log takes up, if it is wanted. */
function evidenceOf({ kind, payload, evidence }: FactRow, wanted: ReadonlySet<RecordId>): Shown[] {
  if (evidence === null || (kind !== RECORD.receipt && kind !== RECORD.void)) return [];
  const record = decodeRecord(payload);
  const payment = 'paymentId' in record ? toHex(record.paymentId) : '';
  if (!wanted.has(payment)) return [];
  const read = attempt(() => {
    const { payment: wire, requestDigest } = decodePaymentEvidence(evidence);
    return decodeSigned(wire, requestDigest);
  });
  return read.ok ? [{ payment, signed: read.value }] : [];
}
