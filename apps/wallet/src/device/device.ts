import { computed, type ReadonlySignal, signal } from '@preact/signals';
import {
  type Bytes,
  decodePurseCertificate,
  type Result,
  type Seconds,
  toHex,
} from '@tallystick/protocol';
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
import {
  type Account,
  Bank,
  type FetchJson,
  forgetImage,
  imageToInstall,
  noteImage,
  type Scheme,
  UNREACHED,
} from '@tallystick/kit';
import { History, type Item, KIND, STATE } from './history.ts';
import { accountOf, readSettings, type Settings, writeSettings } from './settings.ts';

/** What a device is made of, as the page that starts it has it. */
export interface DeviceParts {
  /** Origin of the element. */
  readonly element: string;
  /** Origin of the backend's `/v1`. */
  readonly backend: string;
  readonly store: PendingStore;
  readonly fetch: HttpOptions['fetch'] & FetchJson;
  readonly timer: Timer;
  readonly random: (length: number) => Uint8Array;
  /** Whether the browser thinks that there is a network. */
  readonly online: ReadonlySignal<boolean>;
}

export type OpenDevice = Result<Device> | WalletResult<never>;

/** The element keeps a purse for each name; this app has one. */
const PURSE = 'wallet';

/** A purse in its element, a wallet around it, and what a holder's screens show of both. */
export class Device {
  readonly wallet: Wallet;
  readonly history: History;
  readonly online: ReadonlySignal<boolean>;
  readonly #bank: Bank;
  readonly #parts: DeviceParts;
  readonly #settings;
  readonly #scheme = signal<Scheme | null>(null);
  readonly #balance = signal<Balance | null>(null);
  readonly #atBank = signal<bigint | null>(null);
  readonly #isSyncing = signal(false);
  readonly #problem = signal<WalletFailure | null>(null);
  readonly #updateBy = signal<Seconds | null>(null);
  readonly #measurement = signal<Bytes | null>(null);

  constructor(parts: DeviceParts, wallet: Wallet, history: History, settings: Settings) {
    this.#parts = parts;
    this.wallet = wallet;
    this.history = history;
    this.online = parts.online;
    this.#bank = new Bank(parts.fetch);
    this.#settings = signal(settings);
  }

  /** Opens the purse that this browser has, or a blank one. */
  static async open(parts: DeviceParts): Promise<OpenDevice> {
    const { element: origin, store, timer, random } = parts;
    const http = { baseUrl: parts.backend, fetch: parts.fetch, timer };
    const image = await imageToInstall(store, http);
    if (!image.ok) return image;
    const given = image.value === null ? {} : { image: image.value };
    const element = await openFramedElement({ element: origin, purse: PURSE, ...given });
    if (!element.ok) return element;
    if (image.value !== null) await noteImage(store);
    const wallet = createWallet({
      element: element.value,
      backend: httpBackend(http),
      pendingStore: store,
      timer,
      random,
    });
    const device = new Device(parts, wallet, await History.open(store), await readSettings(store));
    return (await device.#begin()) ?? { ok: true, value: device };
  }

  get settings(): ReadonlySignal<Settings> {
    return this.#settings;
  }
  /** Null until the backend was reached once. */
  get scheme(): ReadonlySignal<Scheme | null> {
    return this.#scheme;
  }
  /** Null before there is a purse. */
  get balance(): ReadonlySignal<Balance | null> {
    return this.#balance;
  }
  /** What is on the account, in minor units, as it was when last asked. */
  get atBank(): ReadonlySignal<bigint | null> {
    return this.#atBank;
  }
  get isSyncing(): ReadonlySignal<boolean> {
    return this.#isSyncing;
  }
  /** Why the last sync did not come to its end; null where it did. */
  get problem(): ReadonlySignal<WalletFailure | null> {
    return this.#problem;
  }
  get updateBy(): ReadonlySignal<Seconds | null> {
    return this.#updateBy;
  }
  /** SHA-256 of the trusted application that guards the purse. */
  get measurement(): ReadonlySignal<Bytes | null> {
    return this.#measurement;
  }
  now(): Seconds {
    return this.#parts.timer.now();
  }

  /** Days until payments stop leaving this purse without a sync; null before there is a purse. */
  readonly daysLeft: ReadonlySignal<number | null> = computed(() => {
    const until = this.#balance.value?.offlineUntil;
    return until === undefined ? null : Math.max(0, Math.floor((until - this.now()) / 86_400));
  });

  /** By which the bank knows this purse: the reference of its certificate, in hex; null before there is one. */
  async reference(): Promise<string | null> {
    const status = await this.wallet.purse.status();
    return status.ok ? toHex(decodePurseCertificate(status.value.certificate).ref) : null;
  }

  async change(settings: Partial<Settings>): Promise<void> {
    const changed = { ...this.#settings.value, ...settings };
    await writeSettings(this.#parts.store, changed);
    this.#settings.value = changed;
  }

  /** Learns what is in the purse. A failure where there is one that cannot be used: it must not be taken for blank. */
  async #begin(): Promise<WalletResult<never> | null> {
    const status = await this.wallet.purse.status();
    const isBlank = !status.ok && status.error.code === 'NOT_PERSONALISED';
    const balance = await this.wallet.balance();
    if (!balance.ok && !isBlank) return balance;
    this.#balance.value = balance.ok ? balance.value : null;
    const measurement = await this.wallet.purse.measurement();
    this.#measurement.value = measurement.ok ? measurement.value : null;
    await this.#noteDoubts();
    return null;
  }

  /** A page that was closed in the middle of a payment has left none in the history. */
  async #noteDoubts(): Promise<void> {
    const pending = await this.wallet.pending();
    for (const { paymentId: id, amount, displayName: who } of pending.ok ? pending.value : []) {
      if (this.history.find(toHex(id)) !== undefined) continue;
      const at = this.now();
      await this.history.note({
        id,
        kind: KIND.paid,
        state: STATE.inDoubt,
        amount,
        at,
        who,
        frames: [],
      });
    }
  }

  /** Asks the purse again what is in it. */
  async refresh(): Promise<void> {
    const balance = await this.wallet.balance();
    if (balance.ok) this.#balance.value = balance.value;
  }

  /** After a payment: what is in the purse now, and the bank hears of it at once where it can. */
  async settle(): Promise<void> {
    await this.refresh();
    if (this.online.value) this.sync().catch(reportError);
  }

  async learnScheme(): Promise<void> {
    this.#scheme.value = (await this.#bank.scheme()) ?? this.#scheme.value;
  }

  /** Opens an account where there is none, and a purse on it, with its first money. */
  async begin(
    participant: string,
    pin: Uint8Array | null,
    first: bigint,
  ): Promise<WalletResult<void>> {
    const account = await this.#account(participant);
    if (!(await this.#bank.open(account))) return UNREACHED;
    const enrolled = await this.wallet.enrol({ ...account, ...(pin === null ? {} : { pin }) });
    if (!enrolled.ok) return enrolled;
    await this.change({ keepFilled: first });
    await this.refresh();
    await this.sync();
    return DONE;
  }

  /** A name that was drawn stays, so that an answer which got lost is asked for again. */
  async #account(participant: string): Promise<Account> {
    const known = accountOf(this.#settings.value);
    if (known?.participant === participant) return known;
    const account = [...this.#parts.random(16)]
      .map((b) => b.toString(16).padStart(2, '0'))
      .join('');
    await this.change({ participant, account });
    return { participant, account };
  }

  /** Brings everything up to date, then fills the purse up to what the holder wants to have in it. */
  async sync(): Promise<void> {
    if (this.#isSyncing.value || this.#balance.peek() === null) return;
    this.#isSyncing.value = true;
    try {
      // What was filled in is stated at once, so that the bank need not take it for being under way.
      if ((await this.#exchange()) && (await this.#fillUp())) await this.#exchange();
    } finally {
      this.#isSyncing.value = false;
    }
  }

  /** Whether the bank has answered, and taken what was stated. */
  async #exchange(): Promise<boolean> {
    const synced = await this.wallet.sync();
    this.#problem.value = synced.ok ? null : synced.error;
    if (synced.ok) await this.#takeIn(synced.value);
    await this.refresh();
    await this.#askBank();
    return synced.ok;
  }

  async #takeIn({ settled, restored, loaded, updateBy }: WalletSync): Promise<void> {
    await this.history.settle(settled, STATE.settled);
    await this.history.settle(restored, STATE.takenBack);
    if (loaded !== null) await this.#noteOwn(KIND.loaded, loaded);
    this.#updateBy.value = updateBy;
    if (updateBy !== null) await forgetImage(this.#parts.store);
  }

  /** Whether there was something to fill in. */
  async #fillUp(): Promise<boolean> {
    const missing = this.#settings.value.keepFilled - (this.#balance.value?.amount ?? 0n);
    const there = this.#atBank.value ?? 0n;
    const amount = missing < there ? missing : there;
    return amount > 0n && (await this.load(amount)).ok;
  }

  async #askBank(): Promise<void> {
    const account = accountOf(this.#settings.value);
    if (account !== null)
      this.#atBank.value = (await this.#bank.balance(account)) ?? this.#atBank.value;
  }

  async load(amount: bigint): Promise<WalletResult<Balance>> {
    const loaded = await this.wallet.load(amount);
    if (loaded.ok) await this.#noteOwn(KIND.loaded, amount);
    await this.refresh();
    await this.#askBank();
    return loaded;
  }

  async redeem(amount: bigint, pin: Uint8Array | null): Promise<WalletResult<void>> {
    const redeemed = await this.wallet.redeem(amount, pin === null ? {} : { pin });
    if (!redeemed.ok) return redeemed;
    const { paymentId, state } = redeemed.value;
    const known = state === 'paid' ? STATE.settled : STATE.inDoubt;
    await this.#noteOwn(KIND.unloaded, amount, { id: paymentId, state: known });
    await this.refresh();
    await this.#keepNoMore();
    await this.#askBank();
    return DONE;
  }

  /** What the holder has left in the purse is what to keep in it: the next sync must not bring the rest back. */
  #keepNoMore(): Promise<void> {
    const left = this.#balance.value?.amount ?? 0n;
    const { keepFilled } = this.#settings.value;
    return this.change({ keepFilled: left < keepFilled ? left : keepFilled });
  }

  /** Notes money that went between purse and account; a load has no number that anybody asks for. */
  #noteOwn(
    kind: Item['kind'],
    amount: bigint,
    known: Partial<Pick<Item, 'id' | 'state'>> = {},
  ): Promise<void> {
    const { id = this.#parts.random(32), state = STATE.settled } = known;
    return this.history.note({ id, kind, state, amount, at: this.now(), who: null, frames: [] });
  }
}

const DONE = { ok: true, value: undefined } as const;
