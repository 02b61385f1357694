import { type ReadonlySignal, signal } from '@preact/signals';
import {
  encodeQr,
  type QrCode,
  qrReceiver,
  type QrScanner,
  type Terminal,
  type TerminalEvent,
  type WalletFailure,
} from '@tallystick/wallet';
import { WAY } from './entry.ts';
import { noteSale } from './selling.ts';
import type { Till } from './till.ts';

/** A code on a counter outlives the certificate only where its lane is given up. */
const VALID_SECONDS = 365 * 86_400;

/** The one code of this lane that hangs on the wall, and payments that are made against it. */
export class Counter {
  readonly #till: Till;
  readonly #scanner: QrScanner = qrReceiver();
  readonly #code = signal<QrCode | null>(null);
  readonly #event = signal<TerminalEvent | null>(null);
  readonly #failure = signal<WalletFailure | null>(null);

  constructor(till: Till) {
    this.#till = till;
    this.#run().catch((error: unknown) => {
      const message = error instanceof Error ? error.message : '';
      this.#failure.value = { code: 'ELEMENT_FAILED', message };
    });
  }

  /** Null until it is made. */
  get code(): ReadonlySignal<QrCode | null> {
    return this.#code;
  }
  /** What came of the payment that was scanned last. */
  get event(): ReadonlySignal<TerminalEvent | null> {
    return this.#event;
  }
  /** Why there is no code, or why no more payments are taken. */
  get failure(): ReadonlySignal<WalletFailure | null> {
    return this.#failure;
  }

  scanned(text: string): void {
    this.#scanner.scanned(text);
  }

  end(): Promise<void> {
    return this.#scanner.transport.close();
  }

  async #run(): Promise<void> {
    const opened = await this.#till.takings.wallet.terminal({
      amount: null,
      validSeconds: VALID_SECONDS,
      onEvent: (event) => this.#heed(event),
    });
    if (opened.ok) this.#code.value = encodeQr(opened.value.code);
    const listened = opened.ok ? await this.#listen(opened.value) : opened;
    if (!listened.ok) this.#failure.value = listened.error;
  }

  #listen(terminal: Terminal): ReturnType<Terminal['listen']> {
    return terminal.listen(this.#scanner.transport);
  }

  #heed(event: TerminalEvent): void {
    this.#event.value = event;
    if (event.kind !== 'accepted') return;
    noteSale(this.#till, event, [], WAY.counter)
      .then(() => this.#till.takings.refresh())
      .then(() => this.#till.syncIfOnline())
      .catch(reportError);
  }
}
