import { type ReadonlySignal, signal } from '@preact/signals';
import { attempt, type Bytes, decodeFrame } from '@tallystick/protocol';
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
import { KIND, NOWHERE, STATE, WAY } from './entry.ts';
import type { Till } from './till.ts';

/** Where a sale is. */
export type Stage =
  | { readonly kind: 'starting' }
  /** The request is on the screen, and the payment is looked for; `isForeign` once another sale's was read. */
  | { readonly kind: 'showing'; readonly code: QrCode; readonly isForeign: boolean }
  /** The money is in; the receipt is on the screen for the payer's camera. */
  | { readonly kind: 'paid'; readonly amount: bigint; readonly receipt: QrCode | null }
  /** Another payment, torn earlier, has come in instead: it pays nothing of this sale. */
  | { readonly kind: 'earlier'; readonly amount: bigint; readonly receipt: QrCode | null }
  | { readonly kind: 'failed'; readonly failure: WalletFailure };

/** One sale by a code of its own. */
export class Selling {
  readonly #till: Till;
  readonly #lines: readonly bigint[];
  readonly #scanner: QrScanner;
  readonly #contact: Joinable;
  readonly #stage = signal<Stage>({ kind: 'starting' });

  constructor(till: Till, lines: readonly bigint[]) {
    this.#till = till;
    this.#lines = lines;
    this.#scanner = qrDuplex((code) => this.#show(code));
    this.#contact = joinable(this.#scanner.transport);
    this.#run().catch((error: unknown) => {
      const message = error instanceof Error ? error.message : '';
      this.#fail({ code: 'ELEMENT_FAILED', message });
    });
  }

  get stage(): ReadonlySignal<Stage> {
    return this.#stage;
  }
  get amount(): bigint {
    return this.#lines.reduce((sum, line) => sum + line, 0n);
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
    const isIn = stage.kind === 'paid' || stage.kind === 'earlier';
    this.#stage.value = isIn
      ? { ...stage, receipt: code }
      : { kind: 'showing', code, isForeign: false };
  }

  /** A payment of another sale, still on somebody's screen, must not take this request off ours. */
  #keepingRequest(): Transport {
    const { transport } = this.#contact;
    return {
      get medium() {
        return transport.medium;
      },
      send: async (frame) => {
        const stage = this.#stage.value;
        if (!isForeign(frame) || stage.kind !== 'showing') await transport.send(frame);
        else this.#stage.value = { ...stage, isForeign: true };
      },
      receive: () => transport.receive(),
      close: () => transport.close(),
    };
  }

  async #run(): Promise<void> {
    const { wallet } = this.#till.takings;
    const result = await wallet.getPaid(this.#keepingRequest(), {
      amount: this.amount,
      onAccepted: (accepted, isForThis) => {
        const kind = isForThis ? 'paid' : 'earlier';
        this.#stage.value = { kind, amount: accepted.amount, receipt: null };
        noteSale(this.#till, accepted, isForThis ? this.#lines : []).catch(reportError);
      },
    });
    await this.#till.takings.refresh();
    if (!result.ok) this.#fail(result.error);
    await this.#till.syncIfOnline();
  }

  #fail(failure: WalletFailure): void {
    const { kind } = this.#stage.value;
    // Money that is in stays in, whatever became of the contact.
    if (kind !== 'paid' && kind !== 'earlier') this.#stage.value = { kind: 'failed', failure };
  }
}

/** Whether a frame refuses a payment that was signed for another request. */
function isForeign(bytes: Bytes): boolean {
  const frame = attempt(() => decodeFrame(bytes));
  return frame.ok && frame.value.kind === 8 && frame.value.code === 'BAD_SIGNATURE';
}

/** Notes a payment that the takings purse has accepted. */
export async function noteSale(
  till: Till,
  { paymentId: id, amount }: Pick<Accepted, 'paymentId' | 'amount'>,
  lines: readonly bigint[],
  way: (typeof WAY)[keyof typeof WAY] = WAY.request,
): Promise<void> {
  const status = await till.takings.wallet.purse.status();
  // Where the purse does not say, the sale is not taken for settled before the log was read again.
  const position = status.ok ? status.value.seq : NOWHERE;
  const known = { kind: KIND.sale, state: STATE.taken, way, sale: null };
  await till.journal.note({ ...known, id, amount, lines, position, at: till.now() });
}
