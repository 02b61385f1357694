import { type ReadonlySignal, signal } from '@preact/signals';
import type { Transport } from '@tallystick/wallet';

/** Other devices that are held to this one. Whatever can tell of that offers them: here, a page around the app. */
export class Nearby {
  /** Whether this device can be held to others at all. */
  readonly isPossible: boolean;
  readonly #tap = signal<Transport | null>(null);

  constructor(isPossible: boolean) {
    this.isPossible = isPossible;
  }

  /** A device that nobody has turned to yet. */
  get tap(): ReadonlySignal<Transport | null> {
    return this.#tap;
  }

  /** Another device is there; one that was there before is not any more. */
  offer(tap: Transport): void {
    this.#tap.value?.close().catch(reportError);
    this.#tap.value = tap;
  }

  /** The device that is there, for whoever asks first. */
  take(): Transport | null {
    const tap = this.#tap.value;
    this.#tap.value = null;
    return tap;
  }
}
