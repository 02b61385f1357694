import { type Bytes, equal, type Frame, type PresentFrame } from '@tallystick/protocol';
import { failure, stop, type WalletFailure } from '../failure.ts';
import type { Accepted, Incoming } from './accept.ts';
import type { Contact } from './contact.ts';
import type { Parts } from './parts.ts';

/** Failures of this very device: it cannot answer for the purse, and so must not refuse for it. */
const OWN_FAILURES: ReadonlySet<string> = new Set(['ELEMENT_FAILED', 'STORE_FAILED']);

/** The payee's side of one contact: answers each frame. */
export class Till {
  readonly #parts: Parts;
  readonly #contact: Contact;
  /** The request this contact offered, if it offered one. */
  readonly #request: Bytes | null;
  readonly #onAccepted: (accepted: Accepted, isForThis: boolean) => void;
  #refusal: WalletFailure | null = null;
  #declined: string | null = null;

  constructor(
    parts: Parts,
    contact: Contact,
    request: Bytes | null,
    onAccepted: (accepted: Accepted, isForThis: boolean) => void = () => {},
  ) {
    this.#parts = parts;
    this.#contact = contact;
    this.#request = request;
    this.#onAccepted = onAccepted;
  }

  /** Why the last payment was not accepted. */
  get refusal(): WalletFailure | null {
    return this.#refusal;
  }

  /** Answers a frame; the money, if it pays the request on offer. Stops when the payer declines. */
  async paidBy(frame: Frame): Promise<Accepted | undefined> {
    const paid = await this.answer(frame);
    if (this.#declined === null) return paid;
    return stop(failure('PEER_REFUSED', this.#declined, this.#declined));
  }

  /** Answers a frame; the money, if it pays the request on offer. */
  async answer(frame: Frame): Promise<Accepted | undefined> {
    if (await this.#contact.gossip.heard(frame)) return undefined;
    switch (frame.kind) {
      case 2:
        return this.#takePayment(frame.payment, frame.certificate);
      case 4:
        return this.#answerPresented(frame);
      case 8:
        this.#declined = frame.code;
        return undefined;
      default:
        this.#contact.link.unexpected(frame);
        return undefined;
    }
  }

  async #takePayment(payment: Bytes, certificate: Bytes | null): Promise<Accepted | undefined> {
    if (this.#request === null) return this.#refuse(failure('UNEXPECTED_FRAME'));
    return this.#accept({ payment, certificate, request: this.#request });
  }

  async #answerPresented(frame: PresentFrame): Promise<Accepted | undefined> {
    const { payment, certificate, request } = frame;
    const paid = frame.voidIt
      ? await this.#voidPayment(frame)
      : await this.#accept({ payment, certificate, request });
    return this.#isForThis(request) ? paid : undefined;
  }

  #isForThis(request: Bytes): boolean {
    return this.#request !== null && equal(request, this.#request);
  }

  async #accept(incoming: Incoming): Promise<Accepted | undefined> {
    const result = await this.#parts.acceptance.accept(incoming, true);
    if (!result.ok) return this.#refuse(result.error);
    const { accepted, receipt } = result.value;
    if (accepted.isNew) this.#onAccepted(accepted, this.#isForThis(incoming.request));
    // Wanted, and so there: the purse gives none only where none is asked for.
    if (receipt !== null) await this.#contact.link.send({ kind: 3, receipt });
    this.#refusal = null;
    return accepted;
  }

  async #voidPayment(frame: PresentFrame): Promise<undefined> {
    const { payment, certificate, request } = frame;
    const answer = await this.#parts.purse.voidPayment({ payment, certificate, request });
    if (!answer.ok) return this.#refuse(answer.error);
    const { verdict, message } = answer.value;
    if (message === null) return undefined;
    await this.#contact.link.send(
      verdict === 1 ? { kind: 3, receipt: message } : { kind: 5, void: message },
    );
    return undefined;
  }

  async #refuse(why: WalletFailure): Promise<undefined> {
    if (OWN_FAILURES.has(why.code)) return stop(why);
    this.#refusal = why;
    const status = await this.#parts.purse.status();
    if (!status.ok) return stop(status.error);
    const { listVersion } = status.value;
    await this.#contact.link.send({ kind: 8, code: why.code, listVersion });
    return undefined;
  }
}
