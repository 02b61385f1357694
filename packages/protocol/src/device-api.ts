import type { Algorithm } from './algorithm.ts';
import type { Bytes } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { blob, type Codec, label, list, tuple } from './codec.ts';
import { LIMITS } from './limits.ts';
import { algorithmField } from './records.ts';

/** Bodies that devices and the backend exchange over HTTP, as deterministic CBOR (TS-API-1). */

/** A device asks for its first certificate (TS-ENR-2). */
export interface EnrolmentRequest {
  /** COSE_Sign1 of the enrolment, by the new key. */
  readonly enrolment: Bytes;
  /** Code of the participant that keeps the holder's account. */
  readonly participant: string;
  /** The account at the participant that loads draw on and unloads credit. */
  readonly account: string;
}

/** Everything a purse needs to start (TS-ENR-3). */
export interface EnrolmentReply {
  readonly scheme: string;
  /** COSE algorithm and raw key of the scheme root. */
  readonly rootAlgorithm: Algorithm;
  readonly rootKey: Bytes;
  readonly authorities: readonly Bytes[];
  readonly certificate: Bytes;
  /** The operator's key that signs status lists. */
  readonly operator: Bytes;
  /** The own participant's issuing key that signs loads, answers and closures. */
  readonly issuer: Bytes;
  readonly policy: Bytes;
  readonly list: Bytes;
  /** Static code by which the purse pays money back to its issuer (TS-PAY-12). */
  readonly unloadCode: Bytes;
}

/** The issuer's payment to the purse that requested it (TS-PAY-12). */
export interface LoadReply {
  readonly payment: Bytes;
  readonly issuer: Bytes;
}

/** The old key names a new one, and the new key proves itself (TS-LOG-5). */
export interface RenewalRequest {
  readonly renewal: Bytes;
  readonly enrolment: Bytes;
}

const message = blob(LIMITS.messageBytes);

export const enrolmentRequest: Codec<EnrolmentRequest> = tuple<EnrolmentRequest>({
  enrolment: message,
  participant: label(11),
  account: label(34),
});

export const enrolmentReply: Codec<EnrolmentReply> = tuple<EnrolmentReply>({
  scheme: label(),
  rootAlgorithm: algorithmField,
  rootKey: blob(2_000, 32),
  authorities: list(message, 64),
  certificate: message,
  operator: message,
  issuer: message,
  policy: message,
  list: blob(LIMITS.listBytes + 1024),
  unloadCode: message,
});

export const loadReply: Codec<LoadReply> = tuple<LoadReply>({ payment: message, issuer: message });

export const renewalRequest: Codec<RenewalRequest> = tuple<RenewalRequest>({
  renewal: message,
  enrolment: message,
});

/** Writes a body with its codec. */
export function encodeBody<T>(codec: Codec<T>, value: T): Bytes {
  return encodeCbor(codec.encode(value));
}

/** Reads a body strictly, at most one full upload long. */
export function decodeBody<T>(codec: Codec<T>, bytes: Bytes): T {
  return codec.decode(decodeCbor(bytes, LIMITS.frameBytes * 2), 'body');
}
