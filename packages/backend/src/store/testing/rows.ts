import { ES256, sha256, toHex } from '@tallystick/protocol';
import { newPurse } from '../new-purse.ts';
import type {
  CertificateRow,
  DecisionRow,
  FactRow,
  PayeeHalf,
  PayerHalf,
  PostingRow,
  PurseRow,
} from '../rows.ts';

/** A name of 32 bytes made from a number, growing with it. */
export function id(number: number): string {
  return number.toString(16).padStart(64, '0');
}

/** A reference of 8 bytes made from a number. */
export function ref(number: number): string {
  return number.toString(16).padStart(16, '0');
}

export const ALICE: string = ref(0xa11ce);
export const BOB: string = ref(0xb0b);

export function purse(name: string, change: Partial<PurseRow> = {}): PurseRow {
  const of = { id: name, participant: 'ALFA', account: `of ${name}`, currency: 978 };
  return { ...newPurse(of), ...change };
}

export function certificate(number: number, change: Partial<CertificateRow> = {}): CertificateRow {
  return {
    ref: ref(number),
    purse: ALICE,
    participant: 'ALFA',
    fromSeq: 1,
    statusIndex: number,
    alg: ES256,
    key: new Uint8Array(33).fill(number),
    expires: 0xffff_ffff,
    wire: sha256(Uint8Array.of(number)),
    ...change,
  };
}

/** A log entry, or with `salt: null` a record known by its signature alone. */
export function fact(seq: number, change: Partial<FactRow> = {}): FactRow {
  return {
    purse: ALICE,
    key: id(0x1000 + seq),
    id: id(seq),
    seq,
    kind: 6,
    alg: ES256,
    kid: ALICE,
    external: new Uint8Array(0),
    payload: Uint8Array.of(1, 2, seq),
    salt: new Uint8Array(16).fill(seq),
    evidence: null,
    signature: null,
    ...change,
  };
}

export function payerHalf(number: number, change: Partial<PayerHalf> = {}): PayerHalf {
  return {
    purse: ALICE,
    payment: id(number),
    seq: number,
    kid: ALICE,
    payee: BOB,
    payeePurse: BOB,
    currency: 978,
    amount: 9_007_199_254_740_991n,
    hop: 1,
    acceptBy: 1_700_000_000 + number,
    inLog: true,
    accepted: false,
    voided: false,
    closed: false,
    restored: false,
    unload: null,
    settledEpoch: null,
    ...change,
  };
}

export function payeeHalf(number: number, change: Partial<PayeeHalf> = {}): PayeeHalf {
  return {
    purse: ALICE,
    payment: id(number),
    payer: BOB,
    payerPurse: BOB,
    payerParticipant: 'BETA',
    currency: 978,
    amount: BigInt(number),
    hop: 1,
    acceptBy: 1_700_000_000 + number,
    addressed: true,
    receiptVersion: null,
    voided: false,
    closed: false,
    revokedAt: null,
    credited: false,
    revision: 0,
    ...change,
  };
}

export function posting(number: number, change: Partial<PostingRow> = {}): PostingRow {
  return {
    purse: ALICE,
    cause: id(number),
    kind: 'debit',
    revision: 0,
    participant: 'ALFA',
    counterparty: '',
    currency: 978,
    debit: 'float',
    credit: 'inFlight',
    amount: BigInt(number),
    ...change,
  };
}

export function decision(number: number, change: Partial<DecisionRow> = {}): DecisionRow {
  return {
    purse: ALICE,
    kind: 'closure',
    cause: id(number),
    wire: Uint8Array.of(number),
    external: new Uint8Array(0),
    time: 1_700_000_000,
    version: 0,
    ...change,
  };
}

export function digestOf(text: string): string {
  return toHex(sha256(Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0)));
}
