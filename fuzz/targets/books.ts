import {
  type Bytes,
  decodeEntry,
  decodePayload,
  decodePaymentEvidence,
  decodePurseCertificate,
  decodeRecord,
  decodeSigned,
  equal,
  payment as paymentCodec,
  RECORD,
  toHex,
} from '@tallystick/protocol';
import { decodeStored, isPurse, type Purse } from '@tallystick/trusted-app';
import { mustHold } from '../engine/target.ts';

/** What an environment keeps of a purse: its state, and its log by position. */
export interface Kept {
  readonly stored: Bytes | null;
  readonly log: ReadonlyMap<number, Bytes>;
}

/** INV-SUPPLY and INV-ONCE for one purse: money came only by a receipt or restore that says so. */
export function checkChange(before: Kept, after: Kept, refused: boolean): void {
  const [was, is] = [purseOf(before), purseOf(after)];
  for (const [seq, entry] of after.log) {
    const old = before.log.get(seq);
    mustHold(old === undefined || equal(old, entry), `entry ${seq} was written anew`);
  }
  if (was === null || is === null) return;
  mustHold(is.seq >= was.seq, 'the log became shorter');
  mustHold(!refused || is.seq === was.seq, 'a refusal was logged');
  const fresh = [...after.log].filter(([seq]) => seq > was.seq).map(([, entry]) => entry);
  const credited = fresh.reduce((sum, entry) => sum + creditOf(entry, was), 0n);
  const gained = total(is) - total(was);
  mustHold(gained <= credited, `${gained} came in, the log accounts for ${credited}`);
}

function purseOf({ stored }: Kept): Purse | null {
  const value = stored === null ? null : decodeStored(stored);
  return value !== null && isPurse(value) ? value : null;
}

function total({ balances }: Purse): bigint {
  return balances.reduce((sum, each) => sum + each, 0n);
}

/** What an entry brings into the purse, by the evidence in it. */
function creditOf(bytes: Bytes, before: Purse): bigint {
  const entry = decodeEntry(bytes);
  const record = decodeRecord(entry.record.payload);
  if (record.kind === RECORD.restore) {
    const open = before.open.find(({ id }) => equal(id, record.paymentId));
    return open?.parts.reduce((sum, { amount }) => sum + amount, 0n) ?? 0n;
  }
  if (record.kind !== RECORD.receipt || entry.evidence === null) return 0n;
  const { payment, requestDigest } = decodePaymentEvidence(entry.evidence);
  const signed = decodeSigned(payment, requestDigest);
  const { payee, value } = decodePayload(signed.payload, paymentCodec, 'payment');
  const own = before.keys.map(({ certificate }) => toHex(decodePurseCertificate(certificate).ref));
  mustHold(own.includes(toHex(payee)), 'a payment to somebody else was accepted');
  return value.amount;
}
