import { type ReadonlySignal, signal } from '@preact/signals';
import { pinBytes } from '@tallystick/kit';
import {
  attempt,
  type Bytes,
  decodeFrame,
  decodePayload,
  decodeSigned,
  request as requestCodec,
} from '@tallystick/protocol';
import {
  type Approval,
  type PaymentOutcome,
  QrAssembler,
  type QrCode,
  qrDuplex,
  type QrScanner,
  type Question,
  type WalletFailure,
} from '@tallystick/wallet';
import { type Entry, STATE } from './entry.ts';
import { keepIntent, removeIntent } from './intent.ts';
import { refundOf } from './recovery.ts';
import type { Till } from './till.ts';

/** Where a refund is. */
export type Stage =
  /** The customer's request is looked for; `seen` is what was read instead, an amount where that is another. */
  | { readonly kind: 'looking'; readonly seen: bigint | 'stranger' | null }
  | { readonly kind: 'working' }
  /** The payment is on the screen, and the customer's receipt is looked for. */
  | { readonly kind: 'showing'; readonly code: QrCode }
  | { readonly kind: 'over'; readonly outcome: PaymentOutcome }
  | { readonly kind: 'failed'; readonly failure: WalletFailure };

/** Pays back a part of a sale, or all of it, to whoever shows a request for it. */
export class Refunding {
  readonly #till: Till;
  readonly #sale: Entry;
  readonly #amount: bigint;
  readonly #pin: string;
  readonly #stage = signal<Stage>({ kind: 'looking', seen: null });
  readonly #assembler = new QrAssembler();
  #contact: QrScanner | null = null;

  /** @param pin the cashier's, which the purse asks for where the amount is large */
  constructor(till: Till, sale: Entry, amount: bigint, pin: string) {
    this.#till = till;
    this.#sale = sale;
    this.#amount = amount;
    this.#pin = pin;
  }

  get stage(): ReadonlySignal<Stage> {
    return this.#stage;
  }

  /** Takes the text of a code that the camera has read. */
  scanned(text: string): void {
    if (this.#contact !== null) {
      this.#contact.scanned(text);
      return;
    }
    const scan = this.#assembler.add(text);
    if (scan.ok && !('done' in scan.value)) return;
    const asked = scan.ok && 'done' in scan.value ? askedIn(scan.value.done) : null;
    if (asked === null || (asked.amount !== null && asked.amount !== this.#amount)) {
      this.#stage.value = { kind: 'looking', seen: asked?.amount ?? 'stranger' };
      return;
    }
    this.#contact = this.#start();
    // Read again, as the camera would.
    this.#contact.scanned(text);
  }

  /** Ends it. A payment that was on the screen stays in doubt until a receipt or a sync. */
  async end(): Promise<void> {
    await this.#contact?.transport.close();
  }

  #start(): QrScanner {
    const scanner = qrDuplex((code) => {
      if (code !== null) this.#stage.value = { kind: 'showing', code };
    });
    this.#stage.value = { kind: 'working' };
    this.#run(scanner).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : '';
      this.#stage.value = { kind: 'failed', failure: { code: 'ELEMENT_FAILED', message } };
    });
    return scanner;
  }

  async #run({ transport }: QrScanner): Promise<void> {
    const { refunds, store } = this.#till;
    const result = await refunds.wallet.pay(transport, this.#confirm);
    if (result.ok) await this.#note(result.value);
    await removeIntent(store);
    await refunds.refresh();
    if (result.ok) this.#stage.value = { kind: 'over', outcome: result.value };
    else this.#stage.value = { kind: 'failed', failure: result.error };
    await this.#till.syncIfOnline();
  }

  readonly #confirm = async (question: Question): Promise<Approval> => {
    const amount = this.#amount;
    if (question.amount !== null && question.amount !== amount) return { approve: false };
    // Asked a second time, the PIN was not enough: the purse's own reason is what the cashier has to hear.
    if (question.again === 'PIN_WRONG') return { approve: false };
    const isLeft = amount <= this.#till.journal.leftOf(this.#sale);
    if (!isLeft || !(await this.#keepIntent())) return { approve: false };
    // What is in doubt of this sale counts as paid back already, so that it cannot go twice.
    return { approve: true, amount, pin: pinBytes(this.#pin), despiteDoubt: true };
  };

  async #keepIntent(): Promise<boolean> {
    const { refunds, store } = this.#till;
    const status = await refunds.wallet.purse.status();
    if (!status.ok) return false;
    const { seq: after } = status.value;
    await keepIntent(store, {
      sale: this.#sale.id,
      amount: this.#amount,
      at: this.#till.now(),
      after,
    });
    return true;
  }

  #note({ paymentId, amount, state }: PaymentOutcome): Promise<void> {
    const { id: sale } = this.#sale;
    const intent = { sale, amount, at: this.#till.now(), after: 0 };
    return this.#till.journal.note(refundOf(intent, paymentId, STATES[state]));
  }
}

/** What a frame asks for; null where it asks for nothing, or is the code of a shop. */
function askedIn(bytes: Bytes): { readonly amount: bigint | null } | null {
  const read = attempt(() => {
    const frame = decodeFrame(bytes);
    if (frame.kind !== 1) return null;
    return decodePayload(decodeSigned(frame.request).payload, requestCodec, 'request');
  });
  return read.ok && read.value?.isStatic === false ? read.value : null;
}

const STATES = {
  paid: STATE.taken,
  takenBack: STATE.cameBack,
  inDoubt: STATE.inDoubt,
  sent: STATE.inDoubt,
} as const;
