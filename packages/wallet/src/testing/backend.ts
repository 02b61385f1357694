import {
  attempt,
  type Bytes,
  type Credential,
  checkEnrolment,
  checkSignature,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  demand,
  encodeCbor,
  type EnrolmentReply,
  type EnrolmentRequest,
  equal,
  type LoadReply,
  type Measurement,
  publicKey,
  recordId,
  type RenewalRequest,
  reject,
  request as requestCodec,
  requestDigest,
  runChecking,
  type Seconds,
  sha256,
  statusDelta,
  type SyncReply,
  toHex,
  type Upload,
} from '@tallystick/protocol';
import type { TestParticipant, TestScheme } from '@tallystick/trusted-app/testing';
import { fail, type WalletResult } from '../failure.ts';
import type { BackendPort } from '../sync/backend-port.ts';
import { Account, Ledger } from './ledger.ts';
import { verifyOnce } from './verify.ts';

/** What the certificates of an account say, where they say anything but the usual. */
export interface Certified {
  readonly tier?: number;
  readonly subject?: string;
}

/** A purse under one of its certificates. */
interface Purse {
  readonly account: Account;
  readonly participant: TestParticipant;
  readonly profile: Certified;
  readonly certificate: Bytes;
}

/**
 * A backend for tests that checks every signature it is given and signs every answer with the test
 * scheme's keys. It answers a repeated call as it did the first time.
 */
export class TestBackend implements BackendPort {
  readonly scheme: TestScheme;
  readonly ledger: Ledger;
  /** Issuer time. */
  now: Seconds;
  listVersion = 1;
  policyVersion = 1;
  /** Images that the policy lists; those of the test scheme where nothing is said. */
  measurements: readonly Measurement[];
  /** Whether the reply to an upload carries the whole list. */
  listsInReplies = true;
  /** Status indices to list as revoked. */
  revoked: readonly number[] = [];
  /** Fork proofs that were uploaded. */
  readonly proofs: Bytes[] = [];
  /** Entries to refuse in the next answer. */
  refuse: SyncReply['refused'] = [];
  /** What purses of these accounts are certified as; private payers where nothing is said. */
  readonly profiles: Map<string, Certified> = new Map();
  /** How long new certificates are valid. */
  certificateSeconds: Seconds = 300 * 86_400;
  /** Certificates that were issued. */
  issued = 0;
  readonly #purses: Map<string, Purse> = new Map();
  readonly #answers: Map<string, unknown> = new Map();
  readonly #challenges: Set<string> = new Set();
  /** What lists that were handed out revoked, by version. */
  readonly #lists: Map<number, readonly number[]> = new Map();

  constructor(scheme: TestScheme, now: Seconds) {
    this.scheme = scheme;
    this.now = now;
    this.measurements = scheme.policy.measurements;
    this.ledger = new Ledger(scheme.participants.map(({ issuer }) => issuer.ref));
  }

  async challenge(): Promise<WalletResult<Bytes>> {
    const challenge = sha256(encodeCbor(['challenge', this.#challenges.size]));
    this.#challenges.add(toHex(challenge));
    return { ok: true, value: challenge };
  }

  async sealedChallenge(): Promise<WalletResult<Credential>> {
    return fail('BACKEND_REFUSED', 'this backend knows no hardware', 'ATTESTATION_REFUSED');
  }

  async enrol(request: EnrolmentRequest): Promise<WalletResult<EnrolmentReply>> {
    return this.#once('enrol', request.enrolment, () => {
      const participant =
        this.scheme.participants.find(({ code }) => code === request.participant) ??
        reject('UNKNOWN_ISSUER', request.participant);
      const profile = this.profiles.get(request.account) ?? {};
      const certificate = this.#certify(participant, request.enrolment, profile);
      this.#add({ account: new Account(), participant, certificate, profile });
      return {
        scheme: this.scheme.anchor.scheme,
        rootAlgorithm: this.scheme.anchor.key.alg,
        rootKey: this.scheme.anchor.key.bytes,
        authorities: this.scheme.authorities,
        certificate,
        operator: this.scheme.operator.certificate,
        issuer: participant.issuer.certificate,
        policy: this.#policy(),
        list: this.#list(),
        unloadCode: participant.unloadCode,
      };
    });
  }

  async load(signedRequest: Bytes): Promise<WalletResult<LoadReply>> {
    return this.#once('load', signedRequest, () => {
      const signed = decodeSigned(signedRequest);
      const { certificate, participant, account } = this.#purseOf(signed.kid);
      runChecking(checkSignature(signed, decodePurseCertificate(certificate).key), verifyOnce);
      const { amount, expires } = decodePayload(signed.payload, requestCodec, 'request');
      demand(amount !== null, 'BAD_AMOUNT');
      demand(this.now <= expires, 'REQUEST_EXPIRED');
      const change = { seq: account.loads + 1, syncedAt: this.now };
      const payment = participant.load(signedRequest, certificate, amount, change);
      const id = recordId(decodeSigned(payment, requestDigest(signedRequest)));
      const minutes = this.scheme.policy.acceptMinutes;
      this.ledger.load(account, id, amount, this.now + minutes * 60);
      return { payment, issuer: participant.issuer.certificate };
    });
  }

  async sync(upload: Upload): Promise<WalletResult<SyncReply>> {
    return this.#once('sync', recordId(decodeSigned(upload.statement)), () => {
      const signed = decodeSigned(upload.statement);
      const { account, participant, certificate } = this.#purseOf(signed.kid);
      runChecking(checkSignature(signed, decodePurseCertificate(certificate).key), verifyOnce);
      this.ledger.book(account, upload.entries, upload.statement);
      this.proofs.push(...upload.proofs);
      account.epoch += 1;
      const { epoch, seq } = account;
      const settled = this.ledger.settled(account);
      return {
        answer: participant.answer(recordId(signed), seq, epoch, this.now, settled),
        certificates: [participant.issuer.certificate, this.scheme.operator.certificate],
        policy: this.#policy(),
        list: this.listsInReplies ? this.#list() : null,
        closures: this.ledger
          .closed(account)
          .map(({ paymentId, statementId }) => participant.close(paymentId, statementId, this.now)),
        refused: this.refuse,
      };
    });
  }

  async renew(request: RenewalRequest): Promise<WalletResult<Bytes>> {
    return this.#once('renew', request.enrolment, () => {
      const signed = decodeSigned(request.renewal);
      const purse = this.#purseOf(signed.kid);
      const key = decodePurseCertificate(purse.certificate).key;
      runChecking(checkSignature(signed, key), verifyOnce);
      const certificate = this.#certify(purse.participant, request.enrolment, purse.profile);
      this.#add({ ...purse, certificate });
      return certificate;
    });
  }

  async statusList(since?: number): Promise<WalletResult<Bytes>> {
    const before = since === undefined ? undefined : this.#lists.get(since);
    if (before === undefined || since === this.listVersion) {
      return { ok: true, value: this.#list() };
    }
    return { ok: true, value: this.delta(since ?? 0, before) };
  }

  /** A delta from a list of that version, which revoked these. */
  delta(base: number, before: readonly number[] = []): Bytes {
    const { listVersion: version, now: issuedAt } = this;
    const revoked = this.revoked.filter((index) => !before.includes(index));
    return this.scheme.operator.sign(statusDelta.encode({ base, version, issuedAt, revoked }));
  }

  async policy(): Promise<WalletResult<Bytes>> {
    return { ok: true, value: this.#policy() };
  }

  #certify(participant: TestParticipant, enrolment: Bytes, profile: Certified): Bytes {
    const enrolled = runChecking(checkEnrolment(enrolment), verifyOnce);
    const { alg, key, challenge } = enrolled;
    demand(this.#challenges.has(toHex(challenge)), 'BAD_FIELD', 'challenge');
    const image = this.measurements.find(({ sha256: each }) => equal(each, enrolled.measurement));
    demand(image !== undefined, 'MEASUREMENT_REFUSED');
    const expires = this.now + this.certificateSeconds;
    this.issued += 1;
    const { tier, subject } = profile;
    return participant.certify(publicKey(alg, key), {
      ...(tier === undefined ? {} : { tier }),
      ...(subject === undefined ? {} : { subject }),
      measurement: image.index,
      expires,
    });
  }

  #add(purse: Purse): void {
    const { ref } = decodePurseCertificate(purse.certificate);
    this.#purses.set(toHex(ref), purse);
    this.ledger.open(ref, purse.account);
  }

  #purseOf(ref: Bytes): Purse {
    return this.#purses.get(toHex(ref)) ?? reject('UNKNOWN_CERTIFICATE', toHex(ref));
  }

  #policy(): Bytes {
    const { policyVersion: version, measurements } = this;
    return this.scheme.signPolicy({ version, measurements });
  }

  #list(): Bytes {
    const { listVersion: version, now: issuedAt, revoked } = this;
    this.#lists.set(version, revoked);
    return this.scheme.signList({ version, issuedAt, revoked });
  }

  /** Carries a call out the first time, and gives the same answer every time after. */
  #once<T>(call: string, of: Bytes, work: () => T): WalletResult<T> {
    const name = `${call}/${toHex(sha256(of))}`;
    const known = this.#answers.get(name);
    if (known !== undefined) return { ok: true, value: known as T };
    const result = attempt(work);
    if (!result.ok) return fail('BACKEND_REFUSED', result.error.message, result.error.code);
    this.#answers.set(name, result.value);
    return result;
  }
}
