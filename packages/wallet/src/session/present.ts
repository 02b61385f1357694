import {
  attempt,
  type Bytes,
  type Codec,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  equal,
  type Frame,
  receipt as receiptCodec,
  toHex,
  voidRecord,
} from '@tallystick/protocol';
import { failure, need, outcome, type WalletFailure } from '../failure.ts';
import type { PaymentOutcome } from '../payments/payment-outcome.ts';
import { payeeOf, type PendingPayment } from '../payments/pending-payment.ts';
import type { Contact } from './contact.ts';
import type { Parts } from './parts.ts';

/** What one presentation came to. */
type Reaction =
  | { readonly kind: 'paid'; readonly receipt: Bytes }
  | { readonly kind: 'takenBack' }
  | { readonly kind: 'refused'; readonly cause: WalletFailure };

/** Shows one payment to its payee, in as many ways as it takes to know where it stands. */
export class Presentation {
  readonly #parts: Parts;
  readonly #contact: Contact;
  readonly #pending: PendingPayment;

  constructor(parts: Parts, contact: Contact, pending: PendingPayment) {
    this.#parts = parts;
    this.#contact = contact;
    this.#pending = pending;
  }

  /** Shows a payment as it comes from the purse; if the payee refuses it, has it voided at once. */
  async firstTime(payment: Bytes): Promise<PaymentOutcome> {
    const { ownCertificate } = this.#pending;
    const isKnown = this.#parts.acquainted.get(this.#acquaintance()) === true;
    const short = isKnown ? null : ownCertificate;
    let reaction = await this.#show({ kind: 2, payment, certificate: short }, isKnown);
    if (reaction?.kind === 'refused' && isKnown && isUnknownCertificate(reaction.cause)) {
      this.#parts.acquainted.delete(this.#acquaintance());
      reaction = await this.#show({ kind: 2, payment, certificate: ownCertificate }, false);
    }
    return this.#conclude(reaction, payment);
  }

  /** Shows it again after a torn tap, to be accepted, or to be voided where it was not. */
  async again(how: 'retry' | 'void'): Promise<PaymentOutcome> {
    const payment = need(await this.#parts.purse.retry(this.#pending.id)).message;
    if (how === 'void') return this.#haveItVoided(payment);
    return this.#conclude(await this.#show(this.#present(payment, false), false), payment);
  }

  async #conclude(reaction: Reaction | null, payment: Bytes): Promise<PaymentOutcome> {
    if (reaction?.kind !== 'refused') return this.#report(reaction, null);
    return this.#haveItVoided(payment, reaction.cause);
  }

  async #haveItVoided(payment: Bytes, cause: WalletFailure | null = null): Promise<PaymentOutcome> {
    return this.#report(await this.#show(this.#present(payment, true), false), cause);
  }

  #present(payment: Bytes, voidIt: boolean): Frame {
    const { ownCertificate: certificate, request } = this.#pending;
    return { kind: 4, payment, certificate, request, voidIt };
  }

  /** Shows a frame, again and again if need be, until something comes of it; null for silence. */
  async #show(frame: Frame, mayLackCertificate: boolean): Promise<Reaction | null> {
    for (let tries = this.#contact.patience().tries; tries > 0; tries--) {
      const reaction = await this.#showOnce(frame, mayLackCertificate);
      if (reaction !== null || this.#contact.link.ended) return reaction;
    }
    return null;
  }

  /**
   * Sends a frame and waits for an answer. A refusal ends the waiting only where it must be the answer
   * to this very frame: when a void is asked for, it may be an echo of the refusal before.
   */
  async #showOnce(frame: Frame, mayLackCertificate: boolean): Promise<Reaction | null> {
    const { link, patience } = this.#contact;
    const isVoid = frame.kind === 4 && frame.voidIt;
    let refused: Reaction | null = null;
    await link.send(frame);
    const reaction = await link.waitFor(patience().answerMs, async (answer) => {
      const read = await this.#read(answer);
      if (read?.kind !== 'refused') return read;
      if (!mayLackCertificate && isUnknownCertificate(read.cause)) return undefined;
      refused = read;
      return isVoid ? undefined : read;
    });
    return reaction ?? refused;
  }

  /** Reads an answer, and has the purse act on it: only what the purse takes is an answer. */
  async #read(frame: Frame): Promise<Reaction | undefined> {
    if (await this.#contact.gossip.heard(frame)) return undefined;
    switch (frame.kind) {
      case 1:
        // The payee's offer may come while an older payment is presented, or twice.
        return undefined;
      case 3:
        return this.#settle(frame.receipt);
      case 5:
        return this.#restore(frame.void);
      case 8:
        return { kind: 'refused', cause: failure('PEER_REFUSED', frame.code, frame.code) };
      default:
        this.#contact.link.unexpected(frame);
        return undefined;
    }
  }

  async #settle(receipt: Bytes): Promise<Reaction | undefined> {
    if (!this.#isAbout(receipt, receiptCodec)) return undefined;
    const settled = await this.#parts.purse.settle(receipt, this.#pending.payeeCertificate);
    if (settled.ok) return { kind: 'paid', receipt };
    this.#contact.link.note(settled.error);
    return undefined;
  }

  async #restore(evidence: Bytes): Promise<Reaction | undefined> {
    if (!this.#isAbout(evidence, voidRecord)) return undefined;
    const restored = await this.#parts.purse.restore(evidence, this.#pending.payeeCertificate);
    if (restored.ok) return { kind: 'takenBack' };
    this.#contact.link.note(restored.error);
    return undefined;
  }

  /** Whether a receipt or void names this payment. What does not read is no answer either. */
  #isAbout(message: Bytes, codec: Codec<{ readonly paymentId: Bytes }>): boolean {
    const read = attempt(() => decodePayload(decodeSigned(message).payload, codec, 'answer'));
    if (!read.ok) this.#contact.link.note(read.error);
    return read.ok && equal(read.value.paymentId, this.#pending.id);
  }

  async #report(reaction: Reaction | null, refusal: WalletFailure | null): Promise<PaymentOutcome> {
    const { id: paymentId, amount } = this.#pending;
    const report = { paymentId, amount, receipt: null };
    if (reaction === null) {
      return { ...report, state: 'inDoubt', cause: refusal ?? this.#contact.link.failure() };
    }
    if (reaction.kind === 'refused') return { ...report, state: 'inDoubt', cause: reaction.cause };
    // The purse knows by now; a store that fails here is put in order later.
    await outcome(() => this.#parts.payments.forget(paymentId));
    if (reaction.kind === 'takenBack') return { ...report, state: 'takenBack', cause: refusal };
    this.#parts.acquainted.set(this.#acquaintance(), true);
    return { ...report, state: 'paid', receipt: reaction.receipt, cause: null };
  }

  #acquaintance(): string {
    const { ownCertificate } = this.#pending;
    return `${toHex(payeeOf(this.#pending))}/${toHex(decodePurseCertificate(ownCertificate).ref)}`;
  }
}

function isUnknownCertificate({ reason }: WalletFailure): boolean {
  return reason === 'UNKNOWN_CERTIFICATE';
}
