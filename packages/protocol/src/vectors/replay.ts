import { type PublicKey, publicKey, runChecking, toAlgorithm } from '../algorithm.ts';
import { enrolmentBinding } from '../attestation.ts';
import { amountField, parseAmount } from '../amount.ts';
import { type Bytes, concat, equal, fromHex, toHex } from '../bytes.ts';
import { decodeCbor } from '../cbor.ts';
import {
  checkAuthority,
  checkCertificate,
  decodeAuthority,
  decodePurseCertificate,
  type TrustAnchor,
  type TrustStore,
} from '../certificate.ts';
import { checkSignature, decodeSigned } from '../cose.ts';
import { checkEnrolment, enrolment } from '../enrolment.ts';

import { checkProof } from '../fork-proof.ts';
import { checkManifest } from '../image-manifest.ts';
import { nextHead, SALT_BYTES } from '../log.ts';
import { lostReport, refund } from '../lost-device.ts';
import { checkPolicy, checkTimeReset } from '../policy.ts';
import { decodePayload } from '../records.ts';
import { attempt, demand, unwrap } from '../result.ts';
import { softwareVerify } from '../software.ts';
import { checkStatusDelta } from '../status-delta.ts';
import { checkStatusList } from '../status-list.ts';
import { answer, checkIssuerMessage, closure } from '../sync.ts';
import { placeDigest, witnessOf, witnessSalt } from '../witness.ts';
import type { AnchorText, Check, Json, KeyText, Vector, VectorFile } from './file.ts';
import { type MessageName, READERS } from './readers.ts';
import { render, same } from './render.ts';

export type { VectorFile } from './file.ts';

/**
 * Replays vectors in any engine: no files, no clock, no platform functions. Hand it a parsed file of
 * `spec/vectors`, and it returns what came out differently: nothing, when all is well.
 */
export function replayFile(file: VectorFile): readonly Difference[] {
  return file.vectors.flatMap((vector) => {
    const outcome = replay(vector);
    if (same(outcome, vector.expect)) return [];
    return [{ name: vector.name, clause: vector.clause, wanted: vector.expect, outcome }];
  });
}

/** A vector that came out otherwise than its file says. */
export interface Difference {
  readonly name: string;
  readonly clause: string;
  readonly wanted: Vector['expect'];
  readonly outcome: Outcome;
}

/** What reading and checking a vector gives: its fields, or the code of its refusal. */
export type Outcome = { readonly fields: Json } | { readonly code: string };

/** Reads and checks one vector. A valid message must also be written as it was read. */
export function replay(vector: Vector): Outcome {
  const outcome = attempt(() => render(readVector(vector)));
  return outcome.ok ? { fields: outcome.value } : { code: outcome.error.code };
}

function readVector(vector: Vector): unknown {
  if (vector.of === 'amount-text') {
    return unwrap(parseAmount(vector.input, vector.currency ?? 0));
  }
  const bytes = concat(hex(vector.input), new Uint8Array(vector.zeros ?? 0));
  if (vector.of === 'amount') return amountField.decode(decodeCbor(bytes), 'amount');
  if (vector.of === 'chain-step') return chainStep(bytes);
  if (vector.of === 'enrolment-binding') return bindingOf(bytes);
  if (vector.of === 'witness') return witness(bytes);
  const external = hex(vector.external ?? '');
  const reader = READERS[vector.of];
  const value = reader.read(bytes, external);
  if (!equal(reader.write(value), bytes)) throw new TypeError(`${vector.name} has two encodings`);
  if (vector.check !== undefined) checkMessage(vector.of, bytes, external, vector.check);
  return value;
}

/** A head of 32 bytes, a salt of 16 and a record id of 32: the head after them (TS-LOG-3). */
function chainStep(bytes: Bytes): { head: Bytes } {
  const head = bytes.slice(0, 32);
  const salt = bytes.slice(32, 32 + SALT_BYTES);
  return { head: nextHead(head, salt, bytes.slice(32 + SALT_BYTES)) };
}

/** What evidence must be about that comes with a signed enrolment (TS-ATT-1). */
function bindingOf(bytes: Bytes): { binding: Bytes } {
  const { payload } = decodeSigned(bytes);
  return { binding: enrolmentBinding(decodePayload(payload, enrolment, 'enrolment')) };
}

/** Two nonces of 16 bytes, a reference of 8, a position of 4 and a record id of 32 (TS-WIT-2, TS-WIT-3). */
function witness(bytes: Bytes): { salt: Bytes; place: Bytes; witness: Bytes } {
  const [mine, theirs, kid, position, id] = [
    bytes.slice(0, 16),
    bytes.slice(16, 32),
    bytes.slice(32, 40),
    bytes.slice(40, 44),
    bytes.slice(44),
  ];
  const salt = witnessSalt(mine, theirs);
  const seq = new DataView(position.buffer).getUint32(0);
  const place = placeDigest(salt, { kid, seq });
  return { salt, place, witness: witnessOf(salt, place, id) };
}

function checkMessage(of: MessageName, bytes: Bytes, external: Bytes, check: Check): void {
  switch (check.under) {
    case 'root':
      return checkUnderRoot(of, bytes, anchorOf(check.root));
    case 'authorities':
      return checkUnderAuthorities(of, bytes, trustOf(check), check.floor);
    case 'certificate':
      return checkUnderCertificate(of, bytes, external, hex(check.certificate));
    case 'publisher':
      runChecking(checkManifest(bytes, keyOf(check.publisher)), softwareVerify);
      return;
    case 'itself':
      runChecking(checkEnrolment(bytes), softwareVerify);
  }
}

function checkUnderRoot(of: MessageName, bytes: Bytes, anchor: TrustAnchor): void {
  switch (of) {
    case 'authority-certificate':
      return runChecking(checkAuthority(decodeAuthority(bytes), anchor), softwareVerify);
    case 'policy':
      runChecking(checkPolicy(bytes, anchor), softwareVerify);
      return;
    case 'time-reset':
      runChecking(checkTimeReset(bytes, anchor), softwareVerify);
      return;
    default:
      throw new TypeError(`the root signs no ${of}`);
  }
}

function checkUnderAuthorities(
  of: MessageName,
  bytes: Bytes,
  trust: TrustStore,
  floor: number,
): void {
  if (of === 'proof') {
    runChecking(checkProof(bytes, trust), softwareVerify);
    return;
  }
  runChecking(checkCertificate(decodePurseCertificate(bytes), trust, floor), softwareVerify);
}

function checkUnderCertificate(
  of: MessageName,
  bytes: Bytes,
  external: Bytes,
  certificate: Bytes,
): void {
  const signer = decodePurseCertificate(certificate);
  switch (of) {
    case 'answer':
      runChecking(checkIssuerMessage(bytes, signer, answer, of), softwareVerify);
      return;
    case 'closure':
      runChecking(checkIssuerMessage(bytes, signer, closure, of), softwareVerify);
      return;
    case 'lost-report':
      runChecking(checkIssuerMessage(bytes, signer, lostReport, of), softwareVerify);
      return;
    case 'refund':
      runChecking(checkIssuerMessage(bytes, signer, refund, of), softwareVerify);
      return;
    case 'status-delta':
      runChecking(checkStatusDelta(bytes, signer), softwareVerify);
      return;
    case 'status-list':
      runChecking(checkStatusList(bytes, signer), softwareVerify);
      return;
    default: {
      const signed = decodeSigned(bytes, external);
      demand(equal(signed.kid, signer.ref), 'UNKNOWN_CERTIFICATE');
      runChecking(checkSignature(signed, signer.key), softwareVerify);
    }
  }
}

function anchorOf(text: AnchorText): TrustAnchor {
  return { scheme: text.scheme, key: keyOf(text) };
}

function keyOf({ alg, key }: KeyText): PublicKey {
  return publicKey(toAlgorithm(alg), hex(key));
}

function trustOf(check: Extract<Check, { under: 'authorities' }>): TrustStore {
  const authorities = check.authorities.map((each) => decodeAuthority(hex(each)));
  return {
    anchor: anchorOf(check.root),
    authorities: new Map(authorities.map((each) => [toHex(each.ref), each])),
  };
}

function hex(text: string): Bytes {
  const bytes = fromHex(text);
  if (bytes === null) throw new TypeError('a vector holds what is no hex');
  return bytes;
}
