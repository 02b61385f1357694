import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Bytes,
  decodePurseCertificate,
  type PublicKey,
  type SignedImage,
  toHex,
} from '@tallystick/protocol';
import {
  createWallet,
  fetchImage,
  httpBackend,
  type HttpOptions,
  memoryStore,
  type PendingStore,
  platformTimer,
  type Timer,
  type Wallet,
  type WalletResult,
} from '@tallystick/wallet';
import type { TpmManufacturer } from '@tallystick/tre/tpm';
import type { Environment, OpenPurse } from '../environments/index.ts';
import { Failure } from '../command/failure.ts';
import type { Network } from './network.ts';

export interface HolderOptions {
  readonly name: string;
  /** Code of the participant that keeps the account. */
  readonly participant: string;
  readonly participantName: string;
  /** Name on the acceptance point's certificate; null for a person. */
  readonly acceptancePoint: string | null;
  readonly account: string;
  /** Where the purse's storage goes. */
  readonly folder: string;
  /** Whose trusted application the device runs. */
  readonly publisher: PublicKey;
  /** Where the purse runs. */
  readonly environment: Environment;
  readonly backendUrl: string;
  readonly network: Network;
  readonly nowMs: () => number;
  readonly tpmMaker: TpmManufacturer | null;
  readonly setVariable: (name: string, value: string) => void;
}

/** Somebody with a device: a wallet over a purse in some environment, storage on disk. */
export class Holder {
  readonly name: string;
  readonly options: HolderOptions;
  readonly #store: PendingStore = memoryStore();
  readonly #timer: Timer;
  #open: OpenPurse | null = null;
  #wallet: Wallet | null = null;
  loaded = 0n;

  constructor(options: HolderOptions) {
    this.name = options.name;
    this.options = options;
    this.#timer = platformTimer({
      nowMs: options.nowMs,
      setTimeout,
      clearTimeout,
    });
  }

  get isTerminal(): boolean {
    return this.options.acceptancePoint !== null;
  }

  get wallet(): Wallet {
    if (this.#wallet === null) throw new Error(`the app of ${this.name} is not open`);
    return this.#wallet;
  }

  /** Starts the app. */
  async open(): Promise<void> {
    const { folder, publisher, environment, nowMs, tpmMaker, setVariable } = this.options;
    const clock = (): number => Math.floor(nowMs() / 1000);
    const image = await this.#imageToInstall();
    const hardware = tpmMaker === null ? {} : { tpmMaker };
    const device = { folder, publisher, clock, setVariable, ...hardware, ...image };
    const opened = await environment.open(device);
    this.#open = value(opened, `the purse in ${folder}`);
    this.#wallet = createWallet({
      element: this.#open.element,
      backend: httpBackend(this.#http),
      pendingStore: this.#store,
      timer: this.#timer,
      random: (length) => Uint8Array.from(randomBytes(length)),
    });
  }

  /** An app that is new fetches the trusted application; afterwards the device has it. */
  async #imageToInstall(): Promise<{ readonly image?: SignedImage }> {
    if (existsSync(this.#purse)) return {};
    return { image: value(await fetchImage(this.#http), 'the trusted application') };
  }

  get #http(): HttpOptions {
    const { backendUrl, network } = this.options;
    return { baseUrl: backendUrl, fetch: network.fetch, timer: this.#timer };
  }

  /** Ends the app. */
  async close(): Promise<void> {
    await this.#open?.close();
    this.#open = null;
    this.#wallet = null;
  }

  /** What a thief of the storage does first: copies it. The app must be closed. */
  async copyStorage(): Promise<void> {
    await cp(this.#purse, this.#copy, { recursive: true });
  }

  /** And then: puts the copy in the place of everything that happened since. The app must be closed. */
  async rollBackStorage(): Promise<void> {
    await rename(this.#purse, this.#newest);
    await cp(this.#copy, this.#purse, { recursive: true });
  }

  /** Puts back what was there before that. */
  async undoRollBack(): Promise<void> {
    await rm(this.#purse, { recursive: true });
    await rename(this.#newest, this.#purse);
  }

  /** Starts the app; the code where the purse is refused for having been changed, and null where it opens. */
  async openUnlessRefused(): Promise<string | null> {
    try {
      await this.open();
      return null;
    } catch (error) {
      if (error instanceof Failure && error.code === 'TAMPERED') return error.code;
      throw error;
    }
  }

  async balance(): Promise<bigint> {
    return value(await this.wallet.balance(), `the balance of ${this.name}`).amount;
  }

  async certificate(): Promise<Bytes> {
    return value(await this.wallet.purse.status(), `the purse of ${this.name}`).certificate;
  }

  /** The purse's id: the reference of its first certificate. */
  async purseId(): Promise<string> {
    return toHex(decodePurseCertificate(await this.certificate()).ref);
  }

  get #purse(): string {
    return join(this.options.folder, 'purse');
  }

  get #copy(): string {
    return join(this.options.folder, 'copy');
  }

  get #newest(): string {
    return join(this.options.folder, 'newest');
  }
}

/** The value of what must not fail here; a story that goes wrong says where. */
export function value<T>(
  result:
    | WalletResult<T>
    | { readonly ok: true; readonly value: T }
    | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } },
  what: string,
): T {
  if (result.ok) return result.value;
  const { code, message } = result.error;
  throw new Failure(code, `${what}: ${code}, ${message}`);
}
