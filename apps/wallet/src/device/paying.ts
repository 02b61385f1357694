import { type ReadonlySignal, signal } from '@preact/signals';
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
  qrSender,
  type Question,
  type Transport,
  type WalletResult,
} from '@tallystick/wallet';
import type { Device } from './device.ts';
import { KIND, STATE } from './history.ts';
import { framesOf } from './proof.ts';
import { type Recording, recording } from './recording.ts';

/** Where a payer is. */
export type Stage =
  /** The other's code is looked for; `stranger` where the last one read was none of ours. */
  | { readonly kind: 'looking'; readonly stranger: boolean }
  /** The holder has to say whether. */
  | { readonly kind: 'asking'; readonly question: Question }
  /** The purse works. */
  | { readonly kind: 'working' }
  /** The payment is on the screen, and the receipt is looked for, unless none can come back. */
  | { readonly kind: 'showing'; readonly code: QrCode; readonly isOneWay: boolean }
  | { readonly kind: 'over'; readonly result: WalletResult<PaymentOutcome> };

/** One payment from this purse to whoever shows a code. */
export class Paying {
  readonly #device: Device;
  readonly #stage = signal<Stage>({ kind: 'looking', stranger: false });
  readonly #assembler = new QrAssembler();
  #contact: Contact | null = null;
  #answer: ((approval: Approval) => void) | null = null;
  #question: Question | null = null;

  constructor(device: Device) {
    this.#device = device;
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
    const isStatic = scan.ok && 'done' in scan.value ? staticOffer(scan.value.done) : null;
    if (isStatic === null || !scan.ok || !('done' in scan.value)) {
      this.#stage.value = { kind: 'looking', stranger: true };
      return;
    }
    const frame = scan.value.done;
    this.#contact = isStatic ? this.#payCode(frame) : this.#pay(text);
  }

  /** Pays the device that is held to this one, unless there is a contact already. */
  tapped(tap: Transport): void {
    if (this.#contact !== null) {
      tap.close().catch(reportError);
      return;
    }
    this.#run(recording(tap), (recorded) => this.#device.wallet.pay(recorded, this.#confirm));
    this.#contact = { scanned: () => undefined, close: () => tap.close() };
    this.#stage.value = { kind: 'working' };
  }

  /** What the holder says to the question. */
  answer(approval: Approval): void {
    this.#stage.value = { kind: 'working' };
    this.#answer?.(approval);
    this.#answer = null;
  }

  /** Ends it. A payment that is on the screen stays in doubt until a receipt or a sync. */
  async end(): Promise<void> {
    this.#answer?.({ approve: false });
    await this.#contact?.close();
  }

  readonly #confirm = (question: Question): Promise<Approval> => {
    this.#question = question;
    this.#stage.value = { kind: 'asking', question };
    const { promise, resolve } = Promise.withResolvers<Approval>();
    this.#answer = resolve;
    return promise;
  };

  readonly #show =
    (isOneWay: boolean) =>
    (code: QrCode | null): void => {
      if (code !== null) this.#stage.value = { kind: 'showing', code, isOneWay };
    };

  #pay(text: string): Contact {
    const { transport, scanned } = qrDuplex(this.#show(false));
    this.#run(recording(transport), (tapped) => this.#device.wallet.pay(tapped, this.#confirm));
    // Read again, as the camera would.
    scanned(text);
    return { scanned, close: () => transport.close() };
  }

  #payCode(frame: Bytes): Contact {
    const transport = qrSender(this.#show(true));
    const pay = (tapped: Transport) => this.#device.wallet.payCode(frame, tapped, this.#confirm);
    this.#run(recording(transport, [frame]), pay);
    return { scanned: () => undefined, close: () => transport.close() };
  }

  #run(
    recorded: Recording,
    work: (transport: Transport) => Promise<WalletResult<PaymentOutcome>>,
  ): void {
    this.#carryOut(recorded, work).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : '';
      const failure = { code: 'ELEMENT_FAILED', message } as const;
      this.#stage.value = { kind: 'over', result: { ok: false, error: failure } };
    });
  }

  async #carryOut(
    recorded: Recording,
    work: (transport: Transport) => Promise<WalletResult<PaymentOutcome>>,
  ): Promise<void> {
    const result = await work(recorded.transport);
    if (result.ok) await this.#note(result.value, recorded.frames());
    await this.#device.settle();
    // A payment that nothing answers stays on the screen until its holder has had enough.
    const isShown = result.ok && result.value.state === 'sent';
    if (!isShown) this.#stage.value = { kind: 'over', result };
  }

  async #note(outcome: PaymentOutcome, frames: readonly Bytes[]): Promise<void> {
    const { paymentId: id, amount, state } = outcome;
    await this.#device.history.note({
      id,
      kind: KIND.paid,
      state: STATES[state],
      amount,
      at: this.#device.now(),
      who: this.#question?.displayName ?? null,
      frames: framesOf(id, frames),
    });
  }
}

interface Contact {
  readonly scanned: (text: string) => unknown;
  readonly close: () => Promise<void>;
}

const STATES = {
  paid: STATE.done,
  takenBack: STATE.takenBack,
  inDoubt: STATE.inDoubt,
  sent: STATE.inDoubt,
} as const;

/** Whether a frame is a static code; null where it asks for no money. */
function staticOffer(bytes: Bytes): boolean | null {
  const read = attempt(() => {
    const frame = decodeFrame(bytes);
    if (frame.kind !== 1) return null;
    return decodePayload(decodeSigned(frame.request).payload, requestCodec, 'request').isStatic;
  });
  return read.ok ? read.value : null;
}
