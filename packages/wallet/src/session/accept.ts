import {
  type Bytes,
  decodeEntry,
  decodeRecord,
  decodeSigned,
  equal,
  err,
  RECORD,
  requestDigest,
  toHex,
} from '@tallystick/protocol';
import { Recent } from '../contact/recent.ts';
import type { Shelves } from '../contact/shelves.ts';
import { need, outcome, stop, type WalletResult } from '../failure.ts';
import { Mutex } from '../mutex.ts';
import type { PurseClient } from '../purse-client.ts';

/** Certificates of payers who paid here before: 200 bytes each, up to 5 kB with ML-DSA. */
const CERTIFICATES = 512;

/** Money that came in. */
export interface Accepted {
  readonly paymentId: Bytes;
  /** Minor units. */
  readonly amount: bigint;
  /** Reference of the payer's certificate. */
  readonly payer: Bytes;
  /** False when the same payment was accepted before: it adds nothing. */
  readonly isNew: boolean;
}

/** A payment as a frame brings it. */
export interface Incoming {
  readonly payment: Bytes;
  /** Null when the payer expects this device to know it. */
  readonly certificate: Bytes | null;
  readonly request: Bytes;
}

interface Receipted {
  readonly accepted: Accepted;
  /** Null where none was wanted. */
  readonly receipt: Bytes | null;
}

/** Accepts payments for one purse, whichever way they come. */
export class Acceptance {
  readonly #purse: PurseClient;
  readonly #shelves: Shelves;
  readonly #certificates = new Recent<Bytes>(CERTIFICATES);
  /** One at a time, so that a payment which comes twice at once is new only once. */
  readonly #turns = new Mutex();

  constructor(purse: PurseClient, shelves: Shelves) {
    this.#purse = purse;
    this.#shelves = shelves;
  }

  /**
   * Has the purse accept a payment (TS-PAY-5). Fails with the purse's refusal, with the decoding
   * codes, or with UNKNOWN_CERTIFICATE when the certificate must be sent along (TS-CRT-4).
   */
  accept(incoming: Incoming, wantReceipt: boolean): Promise<WalletResult<Receipted>> {
    return this.#turns.run(() => outcome(() => this.#accept(incoming, wantReceipt)));
  }

  async #accept(incoming: Incoming, wantReceipt: boolean): Promise<Receipted> {
    const { payment, request } = incoming;
    const signed = decodeSigned(payment, requestDigest(request));
    const payer = toHex(signed.kid);
    const certificate =
      incoming.certificate ??
      this.#certificates.get(payer) ??
      need<Bytes>(err('UNKNOWN_CERTIFICATE', 'none was sent, and none is remembered'));
    const presented = { signed, payment, request };
    const { witness } = this.#shelves;
    const objection = await witness.objection(presented, certificate);
    // A proof that holds has the purse refuse the payer; a forged payment proves nothing.
    if (objection !== null) await this.#shelves.learnProof(objection);
    const { seq: before, floor } = need(await this.#purse.status());
    await witness.forget(floor);
    const answer = await this.#purse.receive({ payment, certificate, request }, wantReceipt);
    if (!answer.ok) {
      // Perhaps because of the certificate: the next time it has to be sent again.
      this.#certificates.delete(payer);
      return stop(answer.error);
    }
    this.#certificates.set(payer, certificate);
    await witness.remember(presented, certificate);
    const { paymentId, amount, message } = answer.value;
    const isNew = await this.#isReceipted(paymentId, before);
    return { accepted: { paymentId, amount, payer: signed.kid, isNew }, receipt: message };
  }

  /** Whether the log has a receipt of this payment after that position: then it was accepted now. */
  async #isReceipted(paymentId: Bytes, after: number): Promise<boolean> {
    const { seq } = need(await this.#purse.status());
    const entries = seq === after ? [] : need(await this.#purse.readLog(after + 1, seq));
    return entries.some((entry) => {
      const record = decodeRecord(decodeEntry(entry).record.payload);
      return record.kind === RECORD.receipt && equal(record.paymentId, paymentId);
    });
  }
}
