import {
  adopt,
  type Bytes,
  type Cbor,
  decodePurseCertificate,
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
  payment,
  receipt,
  recordId,
  request,
  requestDigest,
  type Signed,
  statement,
  toBeSigned,
  type Unsigned,
  decodeSigned,
} from '@tallystick/protocol';
import { type NativeKey, nativeKey } from '../native-key.ts';
import type { Office } from '../office.ts';

/** What a payer asks of a payee that shows a static code: nothing comes back. */
export interface StaticCode {
  readonly code: Bytes;
  readonly digest: Bytes;
  readonly ref: Bytes;
}

const POLICY_VERSION = 1;
const LIST_VERSION = 1;
const CODE_SECONDS = 86_400;
const TOGETHER = 500;

/**
 * A purse written by hand for volume: it makes the very records that a trusted application makes, and
 * checks nothing. Thousands of payments are there in a second, and the backend cannot tell.
 */
export class WrittenPurse {
  readonly #key: NativeKey = nativeKey();
  readonly #office: Office;
  readonly #secret: Bytes;
  #ref: Bytes = new Uint8Array(0);
  #seq = 0;
  #head: Bytes = GENESIS;
  #entries: Bytes[] = [];
  #balance = 0n;

  private constructor(office: Office, number: number) {
    this.#office = office;
    this.#secret = new Uint8Array(32).fill(number & 0xff);
  }

  /** Purses with so much in each, in minor units, a few hundred to a transaction. */
  static async openMany(office: Office, count: number, amount: bigint): Promise<WrittenPurse[]> {
    const purses = Array.from({ length: count }, (_, number) => new WrittenPurse(office, number));
    for (let at = 0; at < count; at += TOGETHER) {
      const together = purses.slice(at, at + TOGETHER);
      const keys = together.map((purse) => purse.#key.publicKey);
      const wires = await office.bulk.openPurses(keys);
      for (const [index, purse] of together.entries()) purse.#adopt(wires[index] as Bytes);
      if (amount === 0n) continue;
      const requests = together.map((purse) => purse.#request(amount, false));
      const loads = await office.bulk.loadPurses(
        together.map((purse, index) => ({
          payee: purse.#ref,
          requestDigest: requestDigest(requests[index] as Bytes),
        })),
        amount,
      );
      for (const [index, purse] of together.entries()) {
        purse.receive(loads[index] as Bytes, requestDigest(requests[index] as Bytes), amount);
      }
    }
    return purses;
  }

  /** Purses that nobody holds: what an old ledger is full of. */
  static async openIdle(office: Office, count: number): Promise<void> {
    // One key serves for all: their certificates differ by their place in the status list.
    const { publicKey } = nativeKey();
    for (let at = 0; at < count; at += TOGETHER) {
      const keys = Array.from({ length: Math.min(TOGETHER, count - at) }, () => publicKey);
      await office.bulk.openPurses(keys);
    }
  }

  #adopt(certificate: Bytes): void {
    this.#ref = decodePurseCertificate(certificate).ref;
    const versions = { policyVersion: POLICY_VERSION, listVersion: LIST_VERSION };
    this.#append(adopt.encode({ ...this.#place(), ...versions, floor: this.#office.clock() }));
  }

  staticCode(): StaticCode {
    const asked = this.#request(null, true);
    return { code: asked, digest: requestDigest(asked), ref: this.#ref };
  }

  /** A signed payment to the holder of a code. */
  pay({ digest, ref }: StaticCode, amount: bigint): Bytes {
    const value = { kind: 1, currency: this.#office.scheme.currency, amount, hop: 1 } as const;
    const terms = { syncedAt: this.#office.clock(), acceptMinutes: 60 };
    const body = payment.encode({ ...this.#place(), payee: ref, value, ...terms });
    const record = this.#append(body, digest);
    this.#balance -= amount;
    return encodeSigned(this.#sign(record));
  }

  /** Accepts a payment. Its receipt needs no signature of its own: the statement will cover it. */
  receive(paid: Bytes, digest: Bytes, amount: bigint): void {
    const paymentId = recordId(decodeSigned(paid, digest));
    const body = receipt.encode({ ...this.#place(), paymentId, listVersion: LIST_VERSION });
    const evidence = encodePaymentEvidence({ payment: paid, requestDigest: digest });
    this.#append(body, NO_EXTERNAL, evidence);
    this.#balance += amount;
  }

  /** Everything since the last upload, under a statement. */
  upload(): Bytes {
    const body = statement.encode({
      ...this.#place(),
      floor: this.#office.clock(),
      balance: this.#balance,
      policyVersion: POLICY_VERSION,
      listVersion: LIST_VERSION,
      epoch: 0,
      condition: 0,
    });
    const signed = encodeSigned(this.#sign(this.#append(body)));
    const entries = this.#entries;
    this.#entries = [];
    return encodeUpload({ statement: signed, entries, proofs: [] });
  }

  #request(amount: bigint | null, isStatic: boolean): Bytes {
    const expires = this.#office.clock() + CODE_SECONDS;
    const mark = new Uint8Array(8).fill(this.#seq);
    const { currency } = this.#office.scheme;
    const body = { currency, amount, expires, nonce: mark, tag: mark, isStatic };
    return encodeSigned(this.#sign(this.#record(request.encode(body))));
  }

  #append(body: Cbor, external: Bytes = NO_EXTERNAL, evidence: Bytes | null = null): Unsigned {
    const record = this.#record(body, external);
    const id = recordId(record);
    const salt = entrySalt(this.#secret, id);
    this.#entries.push(encodeEntry({ record, salt, evidence }));
    this.#seq += 1;
    this.#head = nextHead(this.#head, salt, id);
    return record;
  }

  #place(): { seq: number; head: Bytes } {
    return { seq: this.#seq + 1, head: this.#head };
  }

  #record(body: Cbor, external: Bytes = NO_EXTERNAL): Unsigned {
    return { alg: ES256, kid: this.#ref, external, payload: encodeCbor(body) };
  }

  #sign(message: Unsigned): Signed {
    return { ...message, signature: this.#key.sign(toBeSigned(message)) };
  }
}
