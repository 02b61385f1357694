import {
  type Bytes,
  blob,
  type Codec,
  decodeCbor,
  digest,
  encodeCbor,
  type ErrorCode,
  type Failure,
  fixed,
  flag,
  isErrorCode,
  label,
  LIMITS,
  list,
  member,
  nullable,
  ok,
  oneOf,
  ref,
  reject,
  type Result,
  type Seconds,
  seconds,
  totalField,
  tuple,
  uint,
  union,
  version,
} from '@tallystick/protocol';

/** What a command answers (TS-PUR-4). */
export type Reply = Done | Message | Enrol | Status | StatementReply | Judged | Answer | Failed;

/** Done, nothing to hand on. */
export interface Done {
  readonly kind: 0;
}
/** A signed message to hand on: a request or a payment. */
export interface Message {
  readonly kind: 1;
  readonly message: Bytes;
  /** Record id of the message. */
  readonly id: Bytes;
}
/** The enrolment of a new key, and the renewal record when an old key vouches for it. */
export interface Enrol {
  readonly kind: 2;
  readonly enrolment: Bytes;
  readonly renewal: Bytes | null;
}
export interface Status {
  readonly kind: 3;
  readonly certificate: Bytes;
  readonly balance: bigint;
  /** Most that one payment may be now, hop and total limits taken into account. */
  readonly available: bigint;
  readonly seq: number;
  readonly floor: Seconds;
  readonly syncedAt: Seconds;
  /** Payments leave until this moment. */
  readonly offlineUntil: Seconds;
  readonly policyVersion: number;
  readonly listVersion: number;
  readonly lock: number;
  readonly pinTriesLeft: number | null;
  readonly open: readonly OpenStatus[];
}
export interface OpenStatus {
  readonly id: Bytes;
  readonly payee: Bytes;
  readonly amount: bigint;
  readonly acceptBy: Seconds;
  readonly accepted: boolean;
}
export interface StatementReply {
  readonly kind: 4;
  readonly statement: Bytes;
  readonly id: Bytes;
  /** Log entries to upload with it, first and last position. */
  readonly from: number;
  readonly to: number;
}
/** Outcome of a fork proof that holds. */
export interface Judged {
  readonly kind: 5;
  readonly culprit: Bytes;
  /** True when it was not known before. */
  readonly isNew: boolean;
}
/** How a payment was answered: its receipt (or none where none was wanted), or its void. */
export interface Answer {
  readonly kind: 6;
  readonly verdict: 1 | 2;
  readonly paymentId: Bytes;
  readonly amount: bigint;
  readonly message: Bytes | null;
}
export interface Failed {
  readonly kind: 7;
  readonly code: ErrorCode;
  readonly text: string;
}

const message = blob(LIMITS.messageBytes);
const code: Codec<ErrorCode> = {
  encode: (value) => value,
  decode: (item, path) =>
    typeof item === 'string' && isErrorCode(item) ? item : reject('BAD_FIELD', path),
};

const reply: Codec<Reply> = union<Reply, Reply['kind']>({
  0: member<Done>(0, {}),
  1: member<Message>(1, { message, id: digest }),
  2: member<Enrol>(2, { enrolment: message, renewal: nullable(message) }),
  3: member<Status>(3, {
    certificate: message,
    balance: totalField,
    available: totalField,
    seq: uint(LIMITS.position),
    floor: seconds,
    syncedAt: seconds,
    offlineUntil: seconds,
    policyVersion: version,
    listVersion: version,
    lock: oneOf(0, 1, 2),
    pinTriesLeft: nullable(uint(15)),
    open: list(
      tuple<OpenStatus>({
        id: digest,
        payee: ref,
        amount: totalField,
        acceptBy: seconds,
        accepted: flag,
      }),
      LIMITS.openPayments,
    ),
  }),
  4: member<StatementReply>(4, {
    statement: message,
    id: digest,
    from: uint(LIMITS.position),
    to: uint(LIMITS.position),
  }),
  5: member<Judged>(5, { culprit: fixed(8), isNew: flag }),
  6: member<Answer>(6, {
    verdict: oneOf(1, 2),
    paymentId: digest,
    amount: totalField,
    message: nullable(message),
  }),
  7: member<Failed>(7, { code, text: label(512) }),
});

export function encodeReply(value: Reply): Bytes {
  return encodeCbor(reply.encode(value));
}

/** A failure as a reply; the text is cut to what a reply may carry. */
export function failed(failure: Failure): Failed {
  return {
    kind: 7,
    code: failure.code,
    text: failure.message.slice(0, 160).replace(/[\p{C}\p{Z}]/gu, ' '),
  };
}

/** Reads a reply; a failed command becomes a failed result. */
export function readReply(bytes: Bytes): Result<Exclude<Reply, Failed>> {
  const value = reply.decode(decodeCbor(bytes, LIMITS.frameBytes), 'reply');
  return value.kind === 7
    ? { ok: false, error: { code: value.code, message: value.text } }
    : ok(value);
}
