import { totalField } from './amount.ts';
import { type Algorithm, toAlgorithm } from './algorithm.ts';
import type { Bytes } from './bytes.ts';
import { decodeInner } from './cbor.ts';
import { type Seconds, seconds } from './certificate.ts';
import { blob, type Codec, oneOf, tagged, uint } from './codec.ts';
import { digest, type Payment, payment, positionField } from './payment.ts';
import { RECORD } from './record.ts';
import { demand, reject } from './result.ts';

/** Every log record opens with its place: position, and the head before it (TS-LOG-1). */
export interface Place {
  readonly seq: number;
  readonly head: Bytes;
}

/** The payee's acceptance: the money is the payee's once this is committed (TS-RCP-1). */
export interface Receipt extends Place {
  readonly paymentId: Bytes;
  /** Version of the status list the payee judged the payer by. */
  readonly listVersion: number;
}

/** The payee's promise never to accept a payment (TS-VOI-1). */
export interface Void extends Place {
  readonly paymentId: Bytes;
}

/** The payer takes an own payment back, after a void or an issuer's closure (TS-VOI-3). */
export interface Restore extends Place {
  readonly paymentId: Bytes;
}

/** Newer issuer data took effect (TS-POL-4). */
export interface Adopt extends Place {
  readonly policyVersion: number;
  readonly listVersion: number;
  readonly floor: Seconds;
}

/** The old key names its successor; numbering goes on (TS-LOG-5). */
export interface Renewal extends Place {
  readonly alg: Algorithm;
  readonly key: Bytes;
}

/** Why a purse is locked, as it tells the backend (TS-PUR-6). */
export const CONDITION = { sound: 0, holderLocked: 1, pinBlocked: 2, tampered: 3 } as const;
export type Condition = (typeof CONDITION)[keyof typeof CONDITION];

/** A purse's word on its complete log up to this position (TS-SYN-1). */
export interface Statement extends Place {
  readonly floor: Seconds;
  /** Total over all hops, in minor units. */
  readonly balance: bigint;
  readonly policyVersion: number;
  readonly listVersion: number;
  /** Epoch of the last answer imported: an old one shows a rolled-back purse (TS-SYN-6). */
  readonly epoch: number;
  readonly condition: Condition;
}

export const version: Codec<number> = uint(0xffff_ffff);
export const algorithmField: Codec<Algorithm> = {
  encode: (alg) => alg,
  decode: (item) => toAlgorithm(item),
};

const place = { seq: positionField, head: digest };

export const receipt: Codec<Receipt> = tagged<Receipt>(RECORD.receipt, {
  ...place,
  paymentId: digest,
  listVersion: version,
});
export const voidRecord: Codec<Void> = tagged<Void>(RECORD.void, { ...place, paymentId: digest });
export const restore: Codec<Restore> = tagged<Restore>(RECORD.restore, {
  ...place,
  paymentId: digest,
});
export const adopt: Codec<Adopt> = tagged<Adopt>(RECORD.adopt, {
  ...place,
  policyVersion: version,
  listVersion: version,
  floor: seconds,
});
export const renewal: Codec<Renewal> = tagged<Renewal>(RECORD.renewal, {
  ...place,
  alg: algorithmField,
  key: blob(2_000, 32),
});
export const statement: Codec<Statement> = tagged<Statement>(RECORD.statement, {
  ...place,
  floor: seconds,
  balance: totalField,
  policyVersion: version,
  listVersion: version,
  epoch: version,
  condition: oneOf(0, 1, 2, 3),
});

/** Any log record, told apart by its kind. */
export type LogRecord =
  | ({ readonly kind: typeof RECORD.payment } & Payment)
  | ({ readonly kind: typeof RECORD.receipt } & Receipt)
  | ({ readonly kind: typeof RECORD.void } & Void)
  | ({ readonly kind: typeof RECORD.restore } & Restore)
  | ({ readonly kind: typeof RECORD.adopt } & Adopt)
  | ({ readonly kind: typeof RECORD.renewal } & Renewal)
  | ({ readonly kind: typeof RECORD.statement } & Statement);

/** Reads the payload of a log record (TS-LOG-1). */
export function decodeRecord(payload: Bytes): LogRecord {
  const item = decodeInner(payload);
  demand(Array.isArray(item), 'WRONG_KIND', 'not a record');
  const kind: unknown = item[0];
  switch (kind) {
    case RECORD.payment:
      return { kind, ...payment.decode(item, 'payment') };
    case RECORD.receipt:
      return { kind, ...receipt.decode(item, 'receipt') };
    case RECORD.void:
      return { kind, ...voidRecord.decode(item, 'void') };
    case RECORD.restore:
      return { kind, ...restore.decode(item, 'restore') };
    case RECORD.adopt:
      return { kind, ...adopt.decode(item, 'adopt') };
    case RECORD.renewal:
      return { kind, ...renewal.decode(item, 'renewal') };
    case RECORD.statement:
      return { kind, ...statement.decode(item, 'statement') };
    default:
      return reject('WRONG_KIND', 'not a log record');
  }
}

/** The payload of a message, by its codec. For callers that know what they expect. */
export function decodePayload<T>(payload: Bytes, codec: Codec<T>, name: string): T {
  return codec.decode(decodeInner(payload), name);
}
