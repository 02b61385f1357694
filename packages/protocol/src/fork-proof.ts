import type { Checking } from './algorithm.ts';
import { type Bytes, equal } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import {
  checkCertificate,
  decodePurseCertificate,
  ISSUER_TIER,
  issuerOf,
  type PurseCertificate,
  type TrustStore,
} from './certificate.ts';
import { blob, type Codec, fixed, list, member, tuple, union } from './codec.ts';
import { checkSignature, decodeSigned, NO_EXTERNAL, recordId, type Signed } from './cose.ts';
import { LIMITS } from './limits.ts';
import { nextHead, SALT_BYTES } from './log.ts';
import { digest } from './payment.ts';
import { RECORD } from './record.ts';
import { decodeRecord, type LogRecord } from './records.ts';
import { demand } from './result.ts';

/** A signed record with the external data it was signed over. */
export interface Exhibit {
  readonly external: Bytes;
  readonly record: Bytes;
}

/** Two different records of one key at one position (TS-FRK-1a). */
export interface PositionProof {
  readonly kind: 1;
  readonly certificate: Bytes;
  readonly first: Exhibit;
  readonly second: Exhibit;
}

/** A record that a later statement of the same key does not have in its log (TS-FRK-1b). */
export interface LogProof {
  readonly kind: 2;
  readonly certificate: Bytes;
  readonly record: Exhibit;
  readonly statement: Bytes;
  /** Head before the record's position in the statement's log. */
  readonly start: Bytes;
  /** Entries from the record's position to the one before the statement. */
  readonly steps: readonly ProofStep[];
}

/** A receipt and a void of one payment by one key (TS-FRK-1c). */
export interface AnswerProof {
  readonly kind: 3;
  readonly certificate: Bytes;
  readonly receipt: Bytes;
  readonly void: Bytes;
}

export interface ProofStep {
  readonly salt: Bytes;
  readonly id: Bytes;
}

export type ForkProof = PositionProof | LogProof | AnswerProof;

const message = blob(LIMITS.messageBytes);
export const exhibit: Codec<Exhibit> = tuple<Exhibit>({ external: blob(32), record: message });
const step: Codec<ProofStep> = tuple<ProofStep>({ salt: fixed(SALT_BYTES), id: digest });

const forkProof: Codec<ForkProof> = union<ForkProof, 1 | 2 | 3>({
  1: member<PositionProof>(1, { certificate: message, first: exhibit, second: exhibit }),
  2: member<LogProof>(2, {
    certificate: message,
    record: exhibit,
    statement: message,
    start: digest,
    steps: list(step, LIMITS.proofSteps),
  }),
  3: member<AnswerProof>(3, { certificate: message, receipt: message, void: message }),
});

const PROOF_BYTES = 262_144;

/** Writes a proof of any kind. */
export function encodeProof(proof: ForkProof): Bytes {
  return encodeCbor(forkProof.encode(proof));
}

/** Reads a proof; {@link checkProof} finds out whether it holds. Rejects: decoding codes. */
export function decodeProof(bytes: Bytes): ForkProof {
  return forkProof.decode(decodeCbor(bytes, PROOF_BYTES), 'proof');
}

/**
 * Checks a proof alone: every signature in it is verified by itself (TS-FRK-3), so anyone with the
 * scheme root can. Returns the culprit's certificate, expired or not.
 * Rejects: decoding and certificate codes, WRONG_ROLE, BAD_SIGNATURE, PROOF_FAILS.
 */
export function* checkProof(bytes: Bytes, trust: TrustStore): Checking<PurseCertificate> {
  const proof = decodeProof(bytes);
  const culprit = decodePurseCertificate(proof.certificate);
  const [first, second] = exhibitsOf(proof).map(readExhibit);
  if (first === undefined || second === undefined) throw new TypeError('two exhibits are shown');
  for (const { signed } of [first, second]) {
    demand(equal(signed.kid, culprit.ref), 'UNKNOWN_CERTIFICATE', 'signed under another');
  }
  issuerOf(culprit, trust);
  // An issuing key has one numbering for each purse it serves: equal positions prove nothing.
  demand(culprit.profile.tier !== ISSUER_TIER, 'WRONG_ROLE', 'an issuing key cannot fork');
  yield* checkCertificate(culprit, trust, 0);
  yield* checkSignature(first.signed, culprit.key);
  yield* checkSignature(second.signed, culprit.key);
  switch (proof.kind) {
    case 1:
      judgePositions(first, second);
      break;
    case 2:
      judgeLog(proof, first, second.record);
      break;
    case 3:
      judgeAnswers(first.record, second.record);
      break;
  }
  return culprit;
}

interface Shown {
  readonly signed: Signed;
  readonly id: Bytes;
  readonly record: LogRecord;
}

/** The two signed records of a proof. Only payments have external data. */
function exhibitsOf(proof: ForkProof): readonly Exhibit[] {
  switch (proof.kind) {
    case 1:
      return [proof.first, proof.second];
    case 2:
      return [proof.record, { external: NO_EXTERNAL, record: proof.statement }];
    case 3:
      return [proof.receipt, proof.void].map((record) => ({ external: NO_EXTERNAL, record }));
  }
}

function readExhibit({ record: bytes, external }: Exhibit): Shown {
  const signed = decodeSigned(bytes, external);
  return { signed, id: recordId(signed), record: decodeRecord(signed.payload) };
}

function judgePositions(first: Shown, second: Shown): void {
  demand(first.record.seq === second.record.seq, 'PROOF_FAILS', 'the positions differ');
  // GUARD two-contents (rule 1): one record signed twice is an honest retry, no fork.
  demand(!equal(first.id, second.id), 'PROOF_FAILS', 'both records are the same');
}

function judgeLog(proof: LogProof, shown: Shown, statement: LogRecord): void {
  demand(statement.kind === RECORD.statement, 'PROOF_FAILS', 'the second record is no statement');
  const inLog = proof.steps[0];
  demand(
    inLog !== undefined && statement.seq - shown.record.seq === proof.steps.length,
    'PROOF_FAILS',
    'the steps do not lead from the record to the statement',
  );
  const head = proof.steps.reduce((at, { salt, id }) => nextHead(at, salt, id), proof.start);
  demand(equal(head, statement.head), 'PROOF_FAILS', 'the steps do not lead to the signed head');
  const differs = !equal(inLog.id, shown.id) || !equal(proof.start, shown.record.head);
  demand(differs, 'PROOF_FAILS', 'the log has the record');
}

function judgeAnswers(accepted: LogRecord, voided: LogRecord): void {
  demand(
    accepted.kind === RECORD.receipt && voided.kind === RECORD.void,
    'PROOF_FAILS',
    'a receipt and a void are needed',
  );
  demand(
    equal(accepted.paymentId, voided.paymentId),
    'PROOF_FAILS',
    'they answer different payments',
  );
}
