import { type ReadonlySignal, signal } from '@preact/signals';
import { type FetchJson, forgetImage, imageToInstall, noteImage } from '@tallystick/kit';
import { decodePurseCertificate, type Result, type Seconds, toHex } from '@tallystick/protocol';
import { openFramedElement } from '@tallystick/tre/browser';
import {
  type Balance,
  createWallet,
  type HttpOptions,
  httpBackend,
  type PendingStore,
  type Timer,
  type Wallet,
  type WalletFailure,
  type WalletResult,
  type WalletSync,
} from '@tallystick/wallet';

/** What a till's purses are made of, as the page that starts them has it. */
export interface PurseParts {
  /** Origin of the element. */
  readonly element: string;
  /** Origin of the backend's `/v1`. */
  readonly backend: string;
  readonly fetch: HttpOptions['fetch'] & FetchJson;
  readonly timer: Timer;
  readonly random: (length: number) => Uint8Array;
}

/** One of the till's purses in its element, with a wallet around it. */
export class Purse {
  readonly wallet: Wallet;
  readonly #store: PendingStore;
  readonly #balance = signal<Balance | null>(null);
  readonly #problem = signal<WalletFailure | null>(null);
  readonly #updateBy = signal<Seconds | null>(null);

  private constructor(wallet: Wallet, store: PendingStore) {
    this.wallet = wallet;
    this.#store = store;
  }

  /** Opens the purse of that name, or a blank one. A failure where there is one that cannot be used. */
  static async open(
    parts: PurseParts,
    purse: string,
    store: PendingStore,
  ): Promise<Result<Purse> | WalletResult<never>> {
    const http = { baseUrl: parts.backend, fetch: parts.fetch, timer: parts.timer };
    const image = await imageToInstall(store, http);
    if (!image.ok) return image;
    const given = image.value === null ? {} : { image: image.value };
    const element = await openFramedElement({ element: parts.element, purse, ...given });
    if (!element.ok) return element;
    if (image.value !== null) await noteImage(store);
    const wallet = createWallet({
      element: element.value,
      backend: httpBackend(http),
      pendingStore: store,
      timer: parts.timer,
      random: parts.random,
    });
    const opened = new Purse(wallet, store);
    return (await opened.#begin()) ?? { ok: true, value: opened };
  }

  /** By which the bank knows it: the reference of its certificate, in hex; null before there is one. */
  async reference(): Promise<string | null> {
    const status = await this.wallet.purse.status();
    return status.ok ? toHex(decodePurseCertificate(status.value.certificate).ref) : null;
  }

  /** Null before there is a purse. */
  get balance(): ReadonlySignal<Balance | null> {
    return this.#balance;
  }
  /** Why the last sync did not come to its end; null where it did. */
  get problem(): ReadonlySignal<WalletFailure | null> {
    return this.#problem;
  }

  /** When its trusted application must be a newer one; null while it is the newest. */
  get updateBy(): ReadonlySignal<Seconds | null> {
    return this.#updateBy;
  }

  async #begin(): Promise<WalletResult<never> | null> {
    const status = await this.wallet.purse.status();
    const isBlank = !status.ok && status.error.code === 'NOT_PERSONALISED';
    const balance = await this.wallet.balance();
    if (!balance.ok && !isBlank) return balance;
    this.#balance.value = balance.ok ? balance.value : null;
    return null;
  }

  /** Asks the purse again what is in it. */
  async refresh(): Promise<void> {
    const balance = await this.wallet.balance();
    if (balance.ok) this.#balance.value = balance.value;
  }

  /** The next start fetches the newest. */
  async #noteUpdate(by: Seconds | null): Promise<void> {
    this.#updateBy.value = by;
    if (by !== null) await forgetImage(this.#store);
  }

  /** Talks to the bank; null where it did not come to its end. */
  async sync(): Promise<WalletSync | null> {
    const synced = await this.wallet.sync();
    this.#problem.value = synced.ok ? null : synced.error;
    if (synced.ok) await this.#noteUpdate(synced.value.updateBy);
    await this.refresh();
    return synced.ok ? synced.value : null;
  }
}
