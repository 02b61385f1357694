import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { Bank, pinBytes, type Scheme, UNREACHED } from '@tallystick/kit';
import type { Result, Seconds } from '@tallystick/protocol';
import type { PendingStore, WalletFailure, WalletResult } from '@tallystick/wallet';
import { isOutstanding, STATE } from './entry.ts';
import { Journal } from './journal.ts';
import { Purse, type PurseParts } from './purse.ts';
import { recoverRefund, recoverSales } from './recovery.ts';
import { displayName, readSettings, type Settings, writeSettings } from './settings.ts';

export interface TillParts extends PurseParts {
  /** Beside the takings purse, with the journal in it; and beside the refund purse. */
  readonly store: PendingStore;
  readonly refundStore: PendingStore;
  /** Whether the browser thinks that there is a network. */
  readonly online: ReadonlySignal<boolean>;
}

/** What a shop says of itself when it sets a till up. */
export interface Order {
  readonly participant: string;
  readonly shop: string;
  readonly lane: string;
  /** The cashier's. */
  readonly pin: string;
}

/** The element keeps a purse for each name. */
const TAKINGS = 'takings';
const REFUNDS = 'refunds';

/**
 * A lane of a shop. Its acceptance point is a purse that takes money and pays nobody (rule 13), so that a broken till
 * can counterfeit nothing. What is paid back comes from a second, private purse, which the shop keeps filled; its PIN
 * is the cashier's, so that the trusted application counts the tries.
 */
export class Till {
  readonly takings: Purse;
  readonly refunds: Purse;
  readonly journal: Journal;
  readonly online: ReadonlySignal<boolean>;
  readonly #parts: TillParts;
  readonly #bank: Bank;
  readonly #settings;
  readonly #scheme = signal<Scheme | null>(null);
  readonly #isSyncing = signal(false);

  private constructor(
    parts: TillParts,
    [takings, refunds]: readonly [Purse, Purse],
    journal: Journal,
    settings: Settings,
  ) {
    this.#parts = parts;
    this.takings = takings;
    this.refunds = refunds;
    this.journal = journal;
    this.online = parts.online;
    this.#bank = new Bank(parts.fetch);
    this.#settings = signal(settings);
  }

  /** Opens the till that this browser has, or a blank one. */
  static async open(parts: TillParts): Promise<Result<Till> | WalletResult<never>> {
    const { store, refundStore, timer } = parts;
    const takings = await Purse.open(parts, TAKINGS, store);
    if (!takings.ok) return takings;
    const refunds = await Purse.open(parts, REFUNDS, refundStore);
    if (!refunds.ok) return refunds;
    const journal = await Journal.open(store, timer.now());
    const settings = await readSettings(store);
    const till = new Till(parts, [takings.value, refunds.value], journal, settings);
    await recoverRefund(till.refunds.wallet.purse, journal, store);
    await till.#recoverSales();
    return { ok: true, value: till };
  }

  get settings(): ReadonlySignal<Settings> {
    return this.#settings;
  }
  /** Null until the backend was reached once. */
  get scheme(): ReadonlySignal<Scheme | null> {
    return this.#scheme;
  }
  get isSyncing(): ReadonlySignal<boolean> {
    return this.#isSyncing;
  }
  get store(): PendingStore {
    return this.#parts.store;
  }
  now(): Seconds {
    return this.#parts.timer.now();
  }

  /** Whether both purses are made. */
  readonly isReady: ReadonlySignal<boolean> = computed(
    () => this.takings.balance.value !== null && this.refunds.balance.value !== null,
  );
  /** What the banks' books do not have yet. */
  readonly queue = computed(() => this.journal.entries.value.filter(isOutstanding));
  readonly problem: ReadonlySignal<WalletFailure | null> = computed(
    () => this.takings.problem.value ?? this.refunds.problem.value,
  );

  async change(settings: Partial<Settings>): Promise<void> {
    const changed = { ...this.#settings.value, ...settings };
    await writeSettings(this.#parts.store, changed);
    this.#settings.value = changed;
  }

  async learnScheme(): Promise<void> {
    this.#scheme.value = (await this.#bank.scheme()) ?? this.#scheme.value;
  }

  /**
   * Opens the shop's accounts and makes both purses, the one with the cashier's PIN first. Begun again after a failure,
   * it goes on where it was, for whoever knows that PIN.
   */
  async begin(order: Order, refundsFilled: bigint): Promise<WalletResult<void>> {
    const begun = this.refunds.balance.value === null ? DONE : await this.checkPin(order.pin);
    if (!begun.ok) return begun;
    const { participant, account, refundAccount } = await this.#accounts(order);
    const isOpen =
      (await this.#bank.open({ participant, account: refundAccount })) &&
      (await this.#bank.open({ participant, account }, displayName(order)));
    if (!isOpen) return UNREACHED;
    await this.change({ refundsFilled });
    const pin = pinBytes(order.pin);
    const first = await this.refunds.wallet.enrol({ participant, account: refundAccount, pin });
    if (!first.ok) return first;
    await this.refunds.refresh();
    const second = await this.takings.wallet.enrol({ participant, account, pin });
    if (!second.ok) return second;
    await this.takings.refresh();
    await this.sync();
    return DONE;
  }

  /** Names that were drawn stay, so that an answer which got lost is asked for again; another lane has others. */
  async #accounts({ shop, lane, ...order }: Order): Promise<{
    readonly participant: string;
    readonly account: string;
    readonly refundAccount: string;
  }> {
    const known = this.#settings.value;
    // A refund purse that is made stays where it is.
    const isMade = this.refunds.balance.value !== null;
    const participant = isMade ? (known.participant ?? order.participant) : order.participant;
    const isSameBank = known.participant === participant;
    const isSameLane = isSameBank && known.shop === shop && known.lane === lane;
    const refundAccount = (isSameBank ? known.refundAccount : null) ?? this.#draw();
    const account = (isSameLane ? known.account : null) ?? this.#draw();
    await this.change({ participant, shop, lane, account, refundAccount });
    return { participant, account, refundAccount };
  }

  #draw(): string {
    return [...this.#parts.random(16)].map((b) => b.toString(16).padStart(2, '0')).join('');
  }

  /** Brings journal and purses up to date with the bank, and fills the refund purse. */
  async sync(): Promise<void> {
    if (this.#isSyncing.value || !this.isReady.peek()) return;
    this.#isSyncing.value = true;
    try {
      await this.#recoverSales();
      const taken = await this.takings.sync();
      if (taken !== null) await this.journal.settleSales(taken.ackedTo);
      // What was filled in is stated at once, so that the bank need not take it for being under way.
      if ((await this.#syncRefunds()) && (await this.#fillUp())) await this.#syncRefunds();
    } finally {
      this.#isSyncing.value = false;
    }
  }

  /** What was just done settles at once where there is a network. */
  async syncIfOnline(): Promise<void> {
    if (this.online.value) await this.sync();
  }

  #recoverSales(): Promise<void> {
    return recoverSales(this.takings.wallet.purse, this.journal, this.store, this.now());
  }

  async #syncRefunds(): Promise<boolean> {
    const synced = await this.refunds.sync();
    if (synced === null) return false;
    await this.journal.settleRefunds(synced.settled, STATE.settled);
    await this.journal.settleRefunds(synced.restored, STATE.cameBack);
    return true;
  }

  /** Whether there was something to fill in. */
  async #fillUp(): Promise<boolean> {
    const { participant, refundAccount: account, refundsFilled } = this.#settings.value;
    const missing = refundsFilled - (this.refunds.balance.value?.amount ?? 0n);
    if (participant === null || account === null || missing <= 0n) return false;
    const there = (await this.#bank.balance({ participant, account })) ?? 0n;
    const amount = missing < there ? missing : there;
    return amount > 0n && (await this.refunds.wallet.load(amount)).ok;
  }

  /** Whether that is the cashier's PIN: the refund purse says, and counts the tries. */
  checkPin(pin: string): Promise<WalletResult<void>> {
    return this.refunds.wallet.purse.unlock(pinBytes(pin));
  }

  /** Another cashier's PIN, for both purses. */
  async changePin(current: string, next: string): Promise<WalletResult<void>> {
    const [before, after] = [pinBytes(current), pinBytes(next)];
    const changed = await this.refunds.wallet.purse.setPin(before, after);
    if (!changed.ok) return changed;
    const both = await this.takings.wallet.purse.setPin(before, after);
    // One PIN for both, or the one of before.
    if (!both.ok) await this.refunds.wallet.purse.setPin(after, before);
    return both;
  }

  /** Brings all takings to the shop's account; what they were, in minor units. */
  async payOut(pin: string): Promise<WalletResult<bigint>> {
    const redeemed = await this.takings.wallet.redeemAll({ pin: pinBytes(pin) });
    await this.sync();
    if (!redeemed.ok) return redeemed;
    const { amount = 0n, state, cause } = redeemed.value ?? {};
    return state === 'inDoubt' && cause != null
      ? { ok: false, error: cause }
      : { ok: true, value: amount };
  }
}

const DONE = { ok: true, value: undefined } as const;
