import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublicKey } from '@tallystick/protocol';
import { openVirtualElement, passphraseKey } from '@tallystick/tre/virtual-se';
import type { WalletResult } from '../failure.ts';
import { withImage } from '../opening.ts';
import { httpBackend, type HttpOptions } from '../sync/http.ts';
import { createWallet, type Wallet } from '../wallet.ts';
import { openFileStore } from './store.ts';

export interface NodeWalletOptions extends HttpOptions {
  /** Whose trusted application may run; the scheme's trust file names it. */
  readonly publisher: PublicKey;
  /** Where purse and store lie; made where there is none, on a local file system. */
  readonly directory: string;
  /** What the state of the purse is sealed under. */
  readonly passphrase: string;
}

/** A wallet with whatever it has open. */
export interface NodeWallet extends Wallet {
  close(): Promise<void>;
}

/**
 * Opens a wallet of this process: its purse in a virtual secure element (QuickJS in a process of its own), its store
 * beside it. The first time needs the backend, for the trusted application; from then on it opens without a network.
 *
 * Fails with BUSY, STORAGE_FAILED, TAMPERED (another passphrase, or a changed state), BACKEND_UNREACHABLE, and what an
 * image may be refused with (TS-IMG-2, TS-IMG-3).
 */
export async function openNodeWallet(
  options: NodeWalletOptions,
): Promise<WalletResult<NodeWallet>> {
  const { timer, publisher, passphrase, directory } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pendingStore = openFileStore(join(directory, 'wallet.sqlite'));
  if (!pendingStore.ok) return pendingStore;
  const purse = join(directory, 'purse');
  const clock = (): number => timer.now();
  const sealed = { directory: purse, sealingKey: await passphraseKey(passphrase, purse) };
  const element = await withImage(
    (given) => openVirtualElement({ ...sealed, publisher, clock, ...given }),
    options,
  );
  if (!element.ok) {
    pendingStore.value.close();
    return element;
  }
  const wallet = createWallet({
    element: element.value,
    backend: httpBackend(options),
    pendingStore: pendingStore.value,
    timer,
    random: (length) => Uint8Array.from(randomBytes(length)),
  });
  const close = async (): Promise<void> => {
    await element.value.close();
    pendingStore.value.close();
  };
  return { ok: true, value: Object.assign(wallet, { close }) };
}
