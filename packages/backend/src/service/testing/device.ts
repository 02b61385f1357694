import {
  adopt,
  type Algorithm,
  type Bytes,
  type Cbor,
  concat,
  decodeBody,
  decodePurseCertificate,
  decodeSigned,
  encodeBody,
  encodeCbor,
  encodeEntry,
  encodePaymentEvidence,
  encodeSigned,
  encodeUpload,
  type Enrolment,
  enrolment,
  type EnrolmentReply,
  enrolmentReply,
  enrolmentRequest,
  entrySalt,
  ES256,
  GENESIS,
  keyRef,
  nextHead,
  NO_EXTERNAL,
  payment,
  receipt,
  recordId,
  renewal,
  renewalRequest,
  request,
  requestDigest,
  restore,
  sha256,
  type Statement,
  statement,
  toBeSigned,
  type Unsigned,
  voidRecord,
} from '@tallystick/protocol';
import { softwarePublicKey, softwareSign } from '@tallystick/protocol/software';

/** What stands for the code of the trusted application's image. */
export const IMAGE_CODE: Bytes = encodeCbor('image of the tests');

interface Entry {
  readonly wire: Bytes;
  readonly signed: Bytes;
  readonly id: Bytes;
}

/**
 * A purse made of protocol functions alone, which does what a test tells it, right or wrong. It
 * keeps no balance and no rules.
 */
export class Device {
  readonly #seed: string;
  readonly #logSecret: Bytes;
  alg: Algorithm;
  /** Of the image that it runs. */
  measurement: Bytes = sha256(IMAGE_CODE);
  #secret: Bytes;
  #renewals = 0;
  certificate: Bytes = NO_EXTERNAL;
  welcome: EnrolmentReply | null = null;
  seq = 0;
  head: Bytes = GENESIS;
  entries: Entry[] = [];
  floor = 0;
  epoch = 0;
  #nonces = 0;

  constructor(seed: string, alg: Algorithm = ES256) {
    this.#seed = seed;
    this.alg = alg;
    this.#secret = this.#digest('key');
    this.#logSecret = this.#digest('log');
  }

  /** The same purse at the same moment: what a copied storage gives. */
  clone(): Device {
    const copy = new Device(this.#seed, this.alg);
    copy.#secret = this.#secret;
    copy.certificate = this.certificate;
    copy.welcome = this.welcome;
    copy.seq = this.seq;
    copy.head = this.head;
    copy.entries = [...this.entries];
    copy.floor = this.floor;
    copy.epoch = this.epoch;
    copy.#nonces = this.#nonces + 1_000;
    return copy;
  }

  get ref(): Bytes {
    return decodePurseCertificate(this.certificate).ref;
  }

  enrolment(challenge: Bytes, change: Partial<Enrolment> = {}): Bytes {
    const key = softwarePublicKey(this.alg, this.#secret);
    const body: Enrolment = {
      alg: this.alg,
      key: key.bytes,
      measurement: this.measurement,
      environment: 'plain-process',
      evidence: NO_EXTERNAL,
      challenge,
      ...change,
    };
    const payload = encodeCbor(enrolment.encode(body));
    return this.#sign({ alg: this.alg, kid: keyRef(key), external: NO_EXTERNAL, payload });
  }

  enrolmentRequest(challenge: Bytes, participant: string, account: string): Bytes {
    return encodeBody(enrolmentRequest, {
      enrolment: this.enrolment(challenge),
      participant,
      account,
    });
  }

  /** Takes the reply in and writes the log's first entry. */
  personalise(reply: Bytes): void {
    this.welcome = decodeBody(enrolmentReply, reply);
    this.certificate = this.welcome.certificate;
    this.append(adopt.encode({ ...this.#place(), policyVersion: 1, listVersion: 1, floor: 0 }));
  }

  request(amount: bigint | null, expires: number, isStatic = false): Bytes {
    const nonce = this.#digest(`nonce ${this.#nonces++}`).slice(0, 8);
    const body = { currency: 978, amount, expires, nonce, tag: nonce, isStatic };
    return this.#sign(this.#unsigned(encodeCbor(request.encode(body))));
  }

  pay(
    signedRequest: Bytes,
    amount: bigint,
    terms: { readonly hop?: number; readonly syncedAt: number; readonly acceptMinutes?: number },
  ): Bytes {
    const payload = payment.encode({
      ...this.#place(),
      payee: decodeSigned(signedRequest).kid,
      value: { kind: 1, currency: 978, amount, hop: terms.hop ?? 1 },
      syncedAt: terms.syncedAt,
      acceptMinutes: terms.acceptMinutes ?? 60,
    });
    return this.append(payload, requestDigest(signedRequest)).signed;
  }

  receive(paid: Bytes, signedRequest: Bytes, listVersion = 1): Bytes {
    const { id, evidence } = evidenceOf(paid, signedRequest);
    const payload = receipt.encode({ ...this.#place(), paymentId: id, listVersion });
    return this.append(payload, NO_EXTERNAL, evidence).signed;
  }

  void(paid: Bytes, signedRequest: Bytes): Bytes {
    const { id, evidence } = evidenceOf(paid, signedRequest);
    const payload = voidRecord.encode({ ...this.#place(), paymentId: id });
    return this.append(payload, NO_EXTERNAL, evidence).signed;
  }

  restore(paymentId: Bytes, evidence: Bytes): void {
    this.append(restore.encode({ ...this.#place(), paymentId }), NO_EXTERNAL, evidence);
  }

  /** Names a new key and gives the body of the request for its certificate. */
  renew(challenge: Bytes, alg: Algorithm): Bytes {
    const secret = this.#digest(`key ${++this.#renewals}`);
    const { bytes } = softwarePublicKey(alg, secret);
    const named = this.append(renewal.encode({ ...this.#place(), alg, key: bytes })).signed;
    const next = new Device(this.#seed, alg);
    next.#secret = secret;
    next.measurement = this.measurement;
    this.#pending = { alg, secret };
    return encodeBody(renewalRequest, { renewal: named, enrolment: next.enrolment(challenge) });
  }

  #pending: { readonly alg: Algorithm; readonly secret: Bytes } | null = null;

  /** Signs with the new key from now on. */
  adoptRenewal(certificate: Bytes): void {
    if (this.#pending === null) throw new Error('no renewal was started');
    this.alg = this.#pending.alg;
    this.#secret = this.#pending.secret;
    this.certificate = certificate;
    this.append(adopt.encode({ ...this.#place(), policyVersion: 1, listVersion: 1, floor: 0 }));
  }

  /** A statement and every entry after `after`, as an encoded upload. */
  upload(options: Partial<Statement> & { readonly after?: number } = {}): Bytes {
    const { after = 0, ...fields } = options;
    const body: Statement = {
      ...this.#place(),
      floor: this.floor,
      balance: 0n,
      policyVersion: 1,
      listVersion: 1,
      epoch: this.epoch,
      condition: 0,
      ...fields,
    };
    const { signed } = this.append(statement.encode(body));
    const entries = this.entries.slice(after).map(({ wire }) => wire);
    return encodeUpload({ statement: signed, entries, proofs: [] });
  }

  append(item: Cbor, external: Bytes = NO_EXTERNAL, evidence: Bytes | null = null): Entry {
    const record = this.#unsigned(encodeCbor(item), external);
    const id = recordId(record);
    const salt = entrySalt(this.#logSecret, id);
    const entry = { wire: encodeEntry({ record, salt, evidence }), signed: this.#sign(record), id };
    this.entries.push(entry);
    this.seq += 1;
    this.head = nextHead(this.head, salt, id);
    return entry;
  }

  #place(): { seq: number; head: Bytes } {
    return { seq: this.seq + 1, head: this.head };
  }

  #unsigned(payload: Bytes, external: Bytes = NO_EXTERNAL): Unsigned {
    return { alg: this.alg, kid: this.ref, external, payload };
  }

  #sign(message: Unsigned): Bytes {
    const signature = softwareSign(this.alg, this.#secret, toBeSigned(message));
    return encodeSigned({ ...message, signature });
  }

  #digest(purpose: string): Bytes {
    return sha256(concat(new TextEncoder().encode(`${this.#seed} ${purpose}`)));
  }
}

function evidenceOf(paid: Bytes, signedRequest: Bytes): { id: Bytes; evidence: Bytes } {
  const digest = requestDigest(signedRequest);
  return {
    id: recordId(decodeSigned(paid, digest)),
    evidence: encodePaymentEvidence({ payment: paid, requestDigest: digest }),
  };
}
