import {
  type Adopt,
  adopt,
  type Answer,
  answer,
  type Bytes,
  type Cbor,
  closure,
  CONDITION,
  decodePayload,
  decodeSigned,
  encodeCbor,
  encodeEntry,
  encodePaymentEvidence,
  encodeSigned,
  encodeUpload,
  entrySalt,
  ES256,
  GENESIS,
  nextHead,
  NO_EXTERNAL,
  type Payment,
  payment,
  type PaymentEvidence,
  type PurseCertificate,
  receipt,
  recordId,
  renewal,
  restore,
  sha256,
  type Signed,
  statement,
  toHex,
  type Unsigned,
  voidRecord,
} from '@tallystick/protocol';
import { type NamedKey, namedKey, signWith } from './scheme.ts';

/** A payment as it passes from hand to hand. */
export interface Handed {
  readonly id: string;
  readonly payment: Payment;
  /** COSE_Sign1. */
  readonly wire: Bytes;
  readonly requestDigest: Bytes;
}

export interface Kept {
  readonly seq: number;
  readonly bytes: Bytes;
}

export const EUR = 978;

/**
 * A purse without a conscience: it appends what the script says to a genuine log, with genuine heads,
 * salts and signatures, and checks nothing. `copy` is a cloned purse, or a backup to roll back to.
 */
export class ScriptedPurse {
  readonly name: string;
  readonly participant: string;
  certificate: PurseCertificate;
  /** Id at the backend: the reference of the first certificate. */
  readonly id: string;
  seq = 0;
  head: Bytes = GENESIS;
  balance = 0n;
  listVersion = 1;
  floor: number;
  epoch = 0;
  /** Issuer time of the last sync, as its payments state it. */
  syncedAt: number;
  acceptMinutes = 60;
  key: NamedKey;
  kept: readonly Kept[] = [];
  /** Everything that ever was in the log, and every statement (COSE_Sign1) with its position. */
  log: readonly Kept[] = [];
  stated: readonly Kept[] = [];

  constructor(of: {
    readonly name: string;
    readonly participant: string;
    readonly certificate: PurseCertificate;
    readonly key: NamedKey;
    readonly now: number;
  }) {
    this.name = of.name;
    this.participant = of.participant;
    this.certificate = of.certificate;
    this.id = toHex(of.certificate.ref);
    this.key = of.key;
    this.floor = of.now;
    this.syncedAt = of.now;
  }

  copy(): ScriptedPurse {
    const { name, participant, certificate, key, floor } = this;
    const twin = new ScriptedPurse({ name, participant, certificate, key, now: floor });
    return Object.assign(twin, this);
  }

  pay(
    to: { readonly certificate: PurseCertificate },
    amount: bigint,
    currency: number = EUR,
    hop = 1,
  ): Handed {
    // Every payment answers a request of its own.
    const requestDigest = sha256(encodeCbor([this.name, this.seq, toHex(this.head)]));
    const message: Payment = {
      ...this.#place(),
      payee: to.certificate.ref,
      value: { kind: 1, currency, amount, hop },
      syncedAt: this.syncedAt,
      acceptMinutes: this.acceptMinutes,
    };
    const signed = this.append(payment.encode(message), null, requestDigest);
    this.balance -= amount;
    const id = toHex(recordId(signed));
    return { id, payment: message, wire: encodeSigned(signed), requestDigest };
  }

  accept(handed: Handed): Signed {
    const paymentId = idBytes(handed);
    this.balance += handed.payment.value.amount;
    const { listVersion } = this;
    return this.append(
      receipt.encode({ ...this.#place(), paymentId, listVersion }),
      encodePaymentEvidence(evidenceOf(handed)),
    );
  }

  /** Returns the COSE_Sign1 of the void. */
  void(handed: Handed): Bytes {
    const record = { ...this.#place(), paymentId: idBytes(handed) };
    const evidence = encodePaymentEvidence(evidenceOf(handed));
    return encodeSigned(this.append(voidRecord.encode(record), evidence));
  }

  /** Takes a payment back on the strength of a void or closure. */
  restore(handed: Handed, reason: Bytes | null): Signed {
    this.balance += handed.payment.value.amount;
    return this.append(restore.encode({ ...this.#place(), paymentId: idBytes(handed) }), reason);
  }

  adopt(news: Partial<Pick<Adopt, 'listVersion' | 'floor'>>): void {
    this.listVersion = news.listVersion ?? this.listVersion;
    this.floor = Math.max(this.floor, news.floor ?? 0);
    const { listVersion, floor } = this;
    this.append(adopt.encode({ ...this.#place(), policyVersion: 1, listVersion, floor }), null);
  }

  /** Names the next key; the caller brings its certificate. */
  renew(certificate: PurseCertificate, key: NamedKey): Signed {
    const { alg, bytes } = key.key;
    const signed = this.append(renewal.encode({ ...this.#place(), alg, key: bytes }), null);
    this.certificate = certificate;
    this.key = key;
    return signed;
  }

  /** Makes a statement, and an upload of everything that was not acknowledged. */
  upload(proofs: readonly Bytes[] = []): Bytes {
    const signed = this.state();
    return encodeUpload({
      statement: encodeSigned(signed),
      entries: this.kept.map(({ bytes }) => bytes),
      proofs,
    });
  }

  /** Appends a statement. */
  state(): Signed {
    const { floor, listVersion, epoch, balance } = this;
    const record = {
      ...this.#place(),
      floor,
      balance: balance < 0n ? 0n : balance,
      policyVersion: 1,
      listVersion,
      epoch,
      condition: CONDITION.sound,
    };
    const signed = this.append(statement.encode(record), null);
    this.stated = [...this.stated, { seq: this.seq, bytes: encodeSigned(signed) }];
    return signed;
  }

  /** Takes in the answer to its statement: time goes on, and acknowledged entries go. */
  answered(wire: Bytes): Answer {
    const message = readAnswer(wire);
    this.epoch = message.epoch;
    this.floor = Math.max(this.floor, message.time);
    this.syncedAt = message.time;
    this.kept = this.kept.filter(({ seq }) => seq > message.ackedTo);
    return message;
  }

  /** Signs any record at the next position. */
  append(record: Cbor, evidence: Bytes | null, external: Bytes = NO_EXTERNAL): Signed {
    const draft: Unsigned = {
      alg: ES256,
      kid: this.certificate.ref,
      external,
      payload: encodeCbor(record),
    };
    const signed = signWith(this.key, draft);
    const id = recordId(signed);
    const salt = entrySalt(namedKey(`log of ${this.name}`).secret, id);
    this.seq += 1;
    this.head = nextHead(this.head, salt, id);
    const entry = { seq: this.seq, bytes: encodeEntry({ record: draft, salt, evidence }) };
    this.kept = [...this.kept, entry];
    this.log = [...this.log, entry];
    return signed;
  }

  #place(): { readonly seq: number; readonly head: Bytes } {
    return { seq: this.seq + 1, head: this.head };
  }
}

export function readAnswer(wire: Bytes): Answer {
  return decodePayload(decodeSigned(wire).payload, answer, 'answer');
}

export function readClosure(wire: Bytes): { paymentId: string; statementId: string } {
  const message = decodePayload(decodeSigned(wire).payload, closure, 'closure');
  return { paymentId: toHex(message.paymentId), statementId: toHex(message.statementId) };
}

export function evidenceOf(handed: Handed): PaymentEvidence {
  return { payment: handed.wire, requestDigest: handed.requestDigest };
}

function idBytes(handed: Handed): Bytes {
  return recordId(decodeSigned(handed.wire, handed.requestDigest));
}

/** A payment that was signed elsewhere, such as a load. */
export function handedOf(wire: Bytes, requestDigest: Bytes): Handed {
  const signed = decodeSigned(wire, requestDigest);
  return {
    id: toHex(recordId(signed)),
    payment: decodePayload(signed.payload, payment, 'payment'),
    wire,
    requestDigest,
  };
}
