import { type ReadonlySignal, signal } from '@preact/signals';
import {
  type Accepted,
  type Joinable,
  joinable,
  type QrCode,
  qrDuplex,
  type QrScanner,
  type Transport,
  type WalletFailure,
} from '@tallystick/wallet';
import type { Bytes } from '@tallystick/protocol';
import type { Device } from './device.ts';
import { KIND, STATE } from './history.ts';
import { framesOf } from './proof.ts';
import { recording } from './recording.ts';

/** Where a payee is. */
export type Asking =
  | { readonly kind: 'starting' }
  /** The request is on the screen, and the payment is looked for. */
  | { readonly kind: 'showing'; readonly code: QrCode }
  /** The money is in; unless it came over a tap, the receipt is on the screen for the payer's camera. */
  | {
      readonly kind: 'accepted';
      readonly accepted: Accepted;
      /** Null until it is on the screen, where it need be. */
      readonly receipt: QrCode | null;
      /** False for an earlier payment that was torn: it pays nothing of this demand, which is still open. */
      readonly isForThis: boolean;
    }
  | {
      readonly kind: 'over';
      readonly accepted: Accepted | null;
      readonly failure: WalletFailure | null;
    };

/** One demand for money, shown to whoever pays. */
export class Earning {
  readonly #scanner: QrScanner;
  readonly #contact: Joinable;
  readonly #stage = signal<Asking>({ kind: 'starting' });
  #accepted: Accepted | null = null;

  constructor(device: Device, amount: bigint | null) {
    this.#scanner = qrDuplex((code) => this.#show(code));
    this.#contact = joinable(this.#scanner.transport);
    this.#run(device, amount).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : '';
      this.#over({ code: 'ELEMENT_FAILED', message });
    });
  }

  get stage(): ReadonlySignal<Asking> {
    return this.#stage;
  }

  /** Takes the text of a code that the camera has read. */
  scanned(text: string): void {
    this.#scanner.scanned(text);
  }

  /** A device is held to this one: it need not scan. */
  tapped(tap: Transport): void {
    this.#contact.join(tap);
  }

  /** Ends the contact: the receipt was read, or nobody pays. */
  end(): Promise<void> {
    return this.#contact.transport.close();
  }

  #show(code: QrCode | null): void {
    if (code === null) return;
    const stage = this.#stage.value;
    this.#stage.value =
      stage.kind === 'accepted' ? { ...stage, receipt: code } : { kind: 'showing', code };
  }

  async #run(device: Device, amount: bigint | null): Promise<void> {
    const recorded = recording(this.#contact.transport);
    const result = await device.wallet.getPaid(recorded.transport, {
      amount,
      onAccepted: (accepted, isForThis) => {
        if (isForThis) this.#accepted = accepted;
        this.#stage.value = { kind: 'accepted', accepted, receipt: null, isForThis };
        // The page may be gone before the contact is over.
        this.#note(device, accepted, recorded.frames()).catch(reportError);
      },
    });
    this.#accepted = result.ok ? result.value : this.#accepted;
    // With the receipt, now that it was sent.
    if (this.#accepted?.isNew === true) await this.#note(device, this.#accepted, recorded.frames());
    await device.settle();
    this.#over(result.ok ? null : result.error);
  }

  #note(device: Device, accepted: Accepted, frames: readonly Bytes[]): Promise<void> {
    const { paymentId: id, amount } = accepted;
    const at = device.now();
    return device.history.note({
      id,
      kind: KIND.received,
      state: STATE.done,
      amount,
      at,
      who: null,
      frames: framesOf(id, frames),
    });
  }

  #over(failure: WalletFailure | null): void {
    this.#stage.value = { kind: 'over', accepted: this.#accepted, failure };
  }
}
