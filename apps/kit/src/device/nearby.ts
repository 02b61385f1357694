import { type ReadonlySignal, signal } from '@preact/signals';
import type { Transport } from '@tallystick/wallet';
import { portTransport } from '@tallystick/wallet/browser';
import { useEffect } from 'preact/hooks';
import { type Embedded, heedEmbedder } from '../embedding.ts';

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

/** Others that a page around this one holds to it, if that page is one that may show this app. */
export function nearbyByEmbedder(
  embedders: readonly string[],
  heed: Omit<Embedded, 'onTap'>,
): Nearby {
  const nearby = new Nearby(parent !== window);
  heedEmbedder(embedders, { ...heed, onTap: (port) => nearby.offer(portTransport(port)) });
  return nearby;
}

/** Turns to a device that is held to this one, as long as this is on the screen. */
export function useTap(nearby: Nearby, onTap: (tap: Transport) => void): void {
  const tap = nearby.tap.value;
  useEffect(() => {
    const taken = tap === null ? null : nearby.take();
    if (taken !== null) onTap(taken);
  }, [tap]);
}
