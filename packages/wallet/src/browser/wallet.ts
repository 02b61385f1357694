import { openFramedElement } from '@tallystick/tre/browser';
import type { WalletResult } from '../failure.ts';
import { withImage } from '../opening.ts';
import { httpBackend, type HttpOptions } from '../sync/http.ts';
import { createWallet, type Wallet } from '../wallet.ts';
import { openBrowserStore } from './store.ts';

export interface FramedWalletOptions extends HttpOptions {
  /** Origin that serves the element, and lets this page's origin use it. */
  readonly element: string;
  /** Tells this wallet from others of this page. */
  readonly name: string;
}

/**
 * Opens a wallet in a page: its purse in a virtual secure element on an origin of its own, its store in this one. The
 * first time needs the backend, for the trusted application; from then on it opens without a network.
 *
 * Fails with BUSY (another page has it open), STORAGE_FAILED, HARDWARE_FAILED (no element answers there), TAMPERED,
 * BACKEND_UNREACHABLE, and what an image may be refused with (TS-IMG-2, TS-IMG-3).
 */
export async function openFramedWallet(
  options: FramedWalletOptions,
): Promise<WalletResult<Wallet>> {
  const { element: origin, name, timer } = options;
  const pendingStore = await openBrowserStore(name);
  if (!pendingStore.ok) return pendingStore;
  const element = await withImage(
    (given) => openFramedElement({ element: origin, purse: name, ...given }),
    options,
  );
  if (!element.ok) return element;
  const wallet = createWallet({
    element: element.value,
    backend: httpBackend(options),
    pendingStore: pendingStore.value,
    timer,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  return { ok: true, value: wallet };
}
