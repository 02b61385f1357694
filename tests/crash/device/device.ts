import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePurseCertificate, toHex } from '@tallystick/protocol';
import type { WalletResult } from '@tallystick/wallet';
import type { Air } from './air.ts';
import { Asked } from './calls.ts';
import type { WalletCommands, WalletNews } from './commands.ts';

const PROGRAM = new URL('wallet/main.ts', import.meta.url);

export interface DeviceOptions {
  readonly name: string;
  readonly participant: string;
  readonly folder: string;
  /** File of the trusted application's signed image, and its publisher's key in hex. */
  readonly image: { readonly file: string; readonly publisher: string };
  readonly backendUrl: string;
  readonly air: Air;
}

/** Somebody's device: a wallet's process and, below it, its environment's. Both can be killed. */
export class Device {
  readonly options: DeviceOptions;
  #wallet: Asked<WalletCommands> | null = null;
  /** The number of its process; 0 for none. */
  #environment = 0;
  /** The purse's id at the backend, once it is enrolled. */
  purse: string | null = null;

  constructor(options: DeviceOptions) {
    this.options = options;
  }

  get name(): string {
    return this.options.name;
  }

  get isOn(): boolean {
    return this.#wallet !== null;
  }

  start(): void {
    const { folder, image, backendUrl, air } = this.options;
    const given = [folder, image.file, image.publisher, backendUrl];
    this.#wallet = new Asked<WalletCommands>(PROGRAM, given, {
      onNews: (news) => this.#hear(news as WalletNews),
      onEnd: () => {
        this.#wallet = null;
        // It ends with its wallet: its number may be another program's soon.
        this.#environment = 0;
        air.lose(this);
      },
    });
  }

  /** Asks the wallet; rejects when it is, or goes, off. */
  ask<K extends keyof WalletCommands>(
    name: K,
    ...given: Parameters<WalletCommands[K]>
  ): Promise<Awaited<ReturnType<WalletCommands[K]>>> {
    if (this.#wallet === null) return Promise.reject(new Error(`${this.name} is off`));
    return this.#wallet.ask(name, ...given);
  }

  /** Asks the wallet what must not fail now. */
  async must<T>(what: string, asked: Promise<WalletResult<T>>): Promise<T> {
    const result = await asked;
    if (result.ok) return result.value;
    const { code, message } = result.error;
    throw new Error(`${this.name}: ${what} failed with ${code}: ${message}`);
  }

  /** Lets something reach the wallet that it did not ask for; lost when it is off. */
  pass(...given: ['frame', number, Uint8Array] | ['linkEnded', number]): void {
    const lost = (): void => undefined;
    if (given[0] === 'frame') this.ask('frame', given[1], given[2]).catch(lost);
    else this.ask('linkEnded', given[1]).catch(lost);
  }

  async learnPurse(): Promise<void> {
    if (this.purse !== null) return;
    const certificate = await this.must('its certificate', this.ask('certificate'));
    this.purse = toHex(decodePurseCertificate(Uint8Array.from(certificate)).ref);
  }

  async killWallet(): Promise<void> {
    await this.#wallet?.end('SIGKILL');
  }

  /** False when there is none at this moment. */
  killEnvironment(): boolean {
    try {
      return this.#environment > 0 && process.kill(this.#environment, 'SIGKILL');
    } catch {
      return false;
    }
  }

  async stop(): Promise<void> {
    await this.#wallet?.end('SIGTERM');
  }

  /** Keeps a copy of the purse's storage, as a thief of it would. The device must be off. */
  async copyStorage(): Promise<void> {
    const { folder } = this.options;
    await cp(join(folder, 'purse'), join(folder, 'copy'), { recursive: true });
  }

  /** Puts the copy back over what happened since. The device must be off. */
  async rollBackStorage(): Promise<void> {
    const { folder } = this.options;
    await rm(join(folder, 'purse'), { recursive: true });
    await cp(join(folder, 'copy'), join(folder, 'purse'), { recursive: true });
  }

  #hear(news: WalletNews): void {
    if (news.news === 'environment') this.#environment = news.pid;
    else this.options.air.hear(this, news);
  }
}
