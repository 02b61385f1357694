import {
  type Bytes,
  decodePayload,
  type Payment,
  payment,
  recordId,
  type Signed,
  toAlgorithm,
  toHex,
  type Unsigned,
} from '@tallystick/protocol';
import type { CarriedPayment } from '../store/messages.ts';
import type { FactRow, PurseId } from '../store/rows.ts';
import { unhex } from '../store/hex.ts';

/** Puts a payment into a message; `signature` only where it has been verified. */
export function carry(record: Unsigned, signature: Bytes | null): CarriedPayment {
  const { alg, kid, external, payload } = record;
  return { alg, kid: toHex(kid), external, payload, signature };
}

export function unsignedOf(of: Omit<CarriedPayment, 'signature'>): Unsigned {
  return {
    alg: toAlgorithm(of.alg),
    kid: unhex(of.kid),
    external: of.external,
    payload: of.payload,
  };
}

/** Reads what {@link carry} wrote: it was checked before it was sent. */
export function readCarried(carried: CarriedPayment): Payment {
  return decodePayload(carried.payload, payment, 'payment');
}

/** A record that is authentic by its own signature, as a fact of its signer. */
export function signedFact(purse: PurseId, signed: Signed, kind: number, seq: number): FactRow {
  const id = toHex(recordId(signed));
  return {
    purse,
    key: id,
    id,
    seq,
    kind,
    alg: signed.alg,
    kid: toHex(signed.kid),
    external: signed.external,
    payload: signed.payload,
    salt: null,
    evidence: null,
    signature: signed.signature,
  };
}
