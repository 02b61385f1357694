import type { Checking } from './algorithm.ts';
import { type Bytes, equal } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { checkIssuingKey, type PurseCertificate, type Seconds, seconds } from './certificate.ts';
import { blob, type Codec, label, list, nullable, tagged, tuple, uint } from './codec.ts';
import { checkSignature, decodeSigned } from './cose.ts';
import { LIMITS } from './limits.ts';
import { digest } from './payment.ts';
import { RECORD } from './record.ts';
import { decodePayload, version } from './records.ts';
import { demand } from './result.ts';

/** The issuer's reply to one statement (TS-SYN-3). */
export interface Answer {
  readonly statementId: Bytes;
  /** Entries up to this position are stored for good; the purse may forget them. */
  readonly ackedTo: number;
  /** Grows with every answer to this purse (TS-SYN-6). */
  readonly epoch: number;
  /** Issuer time; raises the floor and restarts the offline window. */
  readonly time: Seconds;
  /** Open payments of this purse whose acceptance the backend knows. */
  readonly settled: readonly Bytes[];
}

export const answer: Codec<Answer> = tagged<Answer>(RECORD.answer, {
  statementId: digest,
  ackedTo: uint(LIMITS.position),
  epoch: version,
  time: seconds,
  settled: list(digest, LIMITS.openPayments),
});

/** The issuer's decision that a payment can no longer be accepted (TS-SYN-7). It names what it saw. */
export interface Closure {
  readonly paymentId: Bytes;
  /** The payee's statement with a floor past `acceptBy` and a complete log without the payment. */
  readonly statementId: Bytes;
  readonly time: Seconds;
}

export const closure: Codec<Closure> = tagged<Closure>(RECORD.closure, {
  paymentId: digest,
  statementId: digest,
  time: seconds,
});

/** What a purse uploads: its statement, and every entry that was not acknowledged yet (TS-SYN-2). */
export interface Upload {
  /** COSE_Sign1 of the statement. */
  readonly statement: Bytes;
  /** Encoded log entries in order, the statement's own included as the last. */
  readonly entries: readonly Bytes[];
  /** Fork proofs the device came across. */
  readonly proofs: readonly Bytes[];
}

const upload: Codec<Upload> = tuple<Upload>({
  statement: blob(LIMITS.messageBytes),
  entries: list(blob(LIMITS.messageBytes * 2), LIMITS.logEntries),
  proofs: list(blob(LIMITS.frameBytes), 16),
});

/** Writes an upload. */
export function encodeUpload(value: Upload): Bytes {
  return encodeCbor(upload.encode(value));
}

/** Reads an upload of at most `LIMITS.uploadBytes`; its entries stay to be read. Rejects: decoding codes. */
export function decodeUpload(bytes: Bytes): Upload {
  return upload.decode(decodeCbor(bytes, LIMITS.uploadBytes), 'upload');
}

/** What comes back: the answer, and newer issuer data the purse does not have yet (TS-SYN-5). */
export interface SyncReply {
  readonly answer: Bytes;
  /** Certificates by which the answer and the list verify. */
  readonly certificates: readonly Bytes[];
  readonly policy: Bytes | null;
  readonly list: Bytes | null;
  readonly closures: readonly Bytes[];
  /** Entries that were refused, by position in the upload, with their codes; the rest is stored. */
  readonly refused: readonly Refusal[];
}

export interface Refusal {
  readonly index: number;
  readonly code: string;
}

const reply: Codec<SyncReply> = tuple<SyncReply>({
  answer: blob(LIMITS.messageBytes),
  certificates: list(blob(LIMITS.messageBytes), 64),
  policy: nullable(blob(LIMITS.messageBytes)),
  list: nullable(blob(LIMITS.listBytes + 1024)),
  closures: list(blob(LIMITS.messageBytes), LIMITS.closuresPerAnswer),
  refused: list(
    tuple<Refusal>({ index: uint(LIMITS.logEntries), code: label(40) }),
    LIMITS.logEntries,
  ),
});

const REPLY_BYTES = 1_048_576;

/** Writes the reply to an upload. */
export function encodeReply(value: SyncReply): Bytes {
  return encodeCbor(reply.encode(value));
}

/** Reads the reply to an upload; its messages stay to be checked. Rejects: decoding codes. */
export function decodeReply(bytes: Bytes): SyncReply {
  return reply.decode(decodeCbor(bytes, REPLY_BYTES), 'reply');
}

/**
 * An answer or closure signed by an issuing key whose chain the caller has checked.
 * Rejects: decoding codes, UNKNOWN_CERTIFICATE, WRONG_ROLE for a key that holds a purse, BAD_SIGNATURE.
 */
export function* checkIssuerMessage<T>(
  bytes: Bytes,
  issuer: PurseCertificate,
  codec: Codec<T>,
  name: string,
): Checking<T> {
  const signed = decodeSigned(bytes);
  const message = decodePayload(signed.payload, codec, name);
  demand(equal(signed.kid, issuer.ref), 'UNKNOWN_CERTIFICATE', 'signed under another');
  checkIssuingKey(issuer);
  yield* checkSignature(signed, issuer.key);
  return message;
}
