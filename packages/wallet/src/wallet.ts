import type { Algorithm, Bytes, Seconds } from '@tallystick/protocol';
import type { Element } from '@tallystick/tre';
import { type Balance, balanceOf, itemOf, type PendingItem } from './balance.ts';
import { need, outcome, type WalletResult } from './failure.ts';
import { Mutex } from './mutex.ts';
import { payStaticCode, showAgain } from './one-way/static-code.ts';
import { Terminal, type TerminalOrder } from './one-way/terminal.ts';
import type { DrawBytes } from './contact/witness-exchange.ts';
import type { Patience } from './patience.ts';
import type { PaymentOutcome } from './payments/payment-outcome.ts';
import type { PendingStore } from './pending-store.ts';
import { PurseClient } from './purse-client.ts';
import type { Accepted } from './session/accept.ts';
import type { Confirm } from './session/holder.ts';
import type { Verify } from './session/offer.ts';
import { makeParts, type Parts } from './session/parts.ts';
import { meet } from './session/meet.ts';
import { answerDoubts, getPaid } from './session/payee.ts';
import { pay, resolve } from './session/payer.ts';
import type { BackendPort } from './sync/backend-port.ts';
import { acceptedUntil } from './sync/images.ts';
import { enrol, type EnrolOrder } from './sync/enrol.ts';
import { finishLoad, load } from './sync/load.ts';
import { makeOnline, type Online } from './sync/online.ts';
import { renew, renewIfDue } from './sync/renew.ts';
import { sync, type SyncReport } from './sync/sync.ts';
import { type HolderProof, redeem, redeemAll, type Redemption } from './sync/unload.ts';
import type { Timer } from './timer.ts';
import type { Transport } from './transport/index.ts';

export interface WalletOptions {
  /** Where the purse runs. */
  readonly element: Element;
  readonly backend: BackendPort;
  /** Survives the power; one for each purse. */
  readonly pendingStore: PendingStore;
  readonly timer: Timer;
  /** How long to wait for other devices; what suits the medium where nothing is said. */
  readonly patience?: Partial<Patience>;
  /** Verifies what the holder is shown; plain JavaScript where no native way is given. */
  readonly verify?: Verify;
  /**
   * Draws that many random bytes, such as those of `crypto.getRandomValues`. Where there is none, this
   * device tells no others what it has seen (TS-WIT-2), since nothing would hide it.
   */
  readonly random?: DrawBytes;
}

/** What a sync came to, with what it finished on the way. */
export interface WalletSync extends SyncReport {
  /** Minor units of a load that was under way and is in now; null when there was none. */
  readonly loaded: bigint | null;
  /** Whether the certificate was renewed. */
  readonly renewed: boolean;
  /**
   * When the purse's trusted application must have been updated, since payees refuse it afterwards; 0
   * when they do already, null while it is the newest (TS-IMG-6). {@link fetchImage} gets the newest.
   */
  readonly updateBy: Seconds | null;
}

/** A demand for money from another device. */
export interface PaymentRequest {
  /** Minor units, or null where the payer chooses. */
  readonly amount: bigint | null;
  /**
   * Called at the moment money is in, before the contact is over. `isForThis` is false for an earlier payment
   * that was torn, and is presented again now: it pays nothing of this demand.
   */
  readonly onAccepted?: (accepted: Accepted, isForThis: boolean) => void;
}

export type TerminalOptions = Omit<TerminalOrder, 'currency'>;

/**
 * A purse in an app. Every method may be called again after any interruption, and returns what
 * happened as a value; none throws for anything that may be expected to go wrong.
 *
 * What needs the backend takes turns; payments do not wait for it.
 *
 * @example
 * ```ts
 * import { createWallet, httpBackend, memoryStore, platformTimer, type Wallet } from '@tallystick/wallet';
 * import type { Element } from '@tallystick/tre';
 *
 * export function openWallet(element: Element): Wallet {
 *   const timer = platformTimer({ nowMs: Date.now, setTimeout, clearTimeout });
 *   const backend = httpBackend({ baseUrl: 'https://bank.example', fetch, timer });
 *   const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
 *   return createWallet({ element, backend, pendingStore: memoryStore(), timer, random });
 * }
 * ```
 */
export interface Wallet {
  /** The purse's own commands, for what the wallet has no method of its own. */
  readonly purse: PurseClient;

  /**
   * Makes the purse: key, certificate, personalisation.
   *
   * @example
   * ```ts
   * import type { Wallet } from '@tallystick/wallet';
   *
   * export async function begin(wallet: Wallet): Promise<string> {
   *   const enrolled = await wallet.enrol({ participant: 'ALPHSESS', account: 'DE01' });
   *   if (!enrolled.ok) return enrolled.error.message;
   *   const loaded = await wallet.load(50_00n);
   *   return loaded.ok ? `${loaded.value.amount} minor units to spend` : loaded.error.message;
   * }
   * ```
   */
  enrol(order: EnrolOrder): Promise<WalletResult<void>>;

  /** What is in the purse, and what may be spent of it. */
  balance(): Promise<WalletResult<Balance>>;

  /** Moves that many minor units from the account into the purse; the balance after it. */
  load(amount: bigint): Promise<WalletResult<Balance>>;

  /**
   * Pays what the device at the other end asks for. The transport is closed when the contact is over.
   *
   * @example
   * ```ts
   * import { formatAmount } from '@tallystick/protocol';
   * import type { Transport, Wallet } from '@tallystick/wallet';
   *
   * export async function payAtTheTill(
   *   wallet: Wallet,
   *   till: Transport,
   *   ask: (question: string) => Promise<boolean>,
   * ): Promise<string> {
   *   const paid = await wallet.pay(till, async ({ displayName, amount, currency }) => {
   *     if (amount === null) return { approve: false };
   *     const whom = displayName ?? 'somebody';
   *     return { approve: await ask(`Pay ${formatAmount(amount, currency)} to ${whom}?`) };
   *   });
   *   if (!paid.ok) return `Nothing was paid: ${paid.error.message}`;
   *   return paid.value.state === 'paid' ? 'Paid.' : 'Not sure yet: hold the devices together again.';
   * }
   * ```
   */
  pay(transport: Transport, confirm: Confirm): Promise<WalletResult<PaymentOutcome>>;

  /**
   * Pays a static code (the frame it shows) over a link on which nothing comes back. The transport
   * stays open: closing it would take the payment off the screen before it was scanned.
   */
  payCode(
    code: Bytes,
    transport: Transport,
    confirm: Confirm,
  ): Promise<WalletResult<PaymentOutcome>>;

  /** Shows a payment made with {@link payCode} once more. */
  showAgain(paymentId: Bytes, transport: Transport): Promise<WalletResult<PaymentOutcome>>;

  /**
   * Asks the device at the other end for money. After the payment it goes on answering for a while;
   * the transport is closed when the contact is over, and closing it ends the contact.
   *
   * @example
   * ```ts
   * import type { Transport, Wallet } from '@tallystick/wallet';
   *
   * export async function sell(wallet: Wallet, customer: Transport): Promise<boolean> {
   *   const paid = await wallet.getPaid(customer, { amount: 3_50n });
   *   return paid.ok;
   * }
   * ```
   */
  getPaid(transport: Transport, request: PaymentRequest): Promise<WalletResult<Accepted>>;

  /** Answers a payer who asks about torn payments, or a device that {@link meet}s this one, without asking for anything. */
  answer(transport: Transport): Promise<WalletResult<readonly Accepted[]>>;

  /**
   * Meets a device that {@link answer}s, with no money between them: what each knows of status lists,
   * fork proofs and forks goes both ways. Two shops at the end of a day find out who has paid both with
   * the same money. The transport is closed when the contact is over.
   */
  meet(transport: Transport): Promise<WalletResult<void>>;

  /** Payments whose fate is not known yet. */
  pending(): Promise<WalletResult<readonly PendingItem[]>>;

  /**
   * Asks the payee about a pending payment: `retry` has it accepted if it still can be, and taken
   * back if not; `void` has it taken back unless it was accepted.
   *
   * @example
   * ```ts
   * import type { Transport, Wallet } from '@tallystick/wallet';
   *
   * export async function clearUp(wallet: Wallet, payee: Transport): Promise<string> {
   *   const pending = await wallet.pending();
   *   const first = pending.ok ? pending.value.find(({ canAsk }) => canAsk) : undefined;
   *   if (first === undefined) return 'nothing to ask about';
   *   const result = await wallet.resolve(payee, first.paymentId, 'void');
   *   return result.ok ? result.value.state : result.error.message;
   * }
   * ```
   */
  resolve(
    transport: Transport,
    paymentId: Bytes,
    how: 'retry' | 'void',
  ): Promise<WalletResult<PaymentOutcome>>;

  /**
   * Brings everything up to date with the backend: finishes a load that is under way, uploads the
   * log, takes back what can never be accepted, renews the certificate when it is due.
   */
  sync(): Promise<WalletResult<WalletSync>>;

  /**
   * Has a new key certified now, perhaps of another algorithm; {@link sync} does it by itself when it
   * is due.
   */
  renew(alg?: Algorithm): Promise<WalletResult<void>>;

  /**
   * Takes in the scheme's signed policy that came otherwise than by a sync: in an emergency, off a
   * poster or by radio (TS-POL-7). Fails with STALE where a newer one is in force, and with
   * UNKNOWN_ISSUER or BAD_SIGNATURE where the scheme's root did not sign it.
   */
  adoptPolicy(policy: Bytes): Promise<WalletResult<void>>;

  /** Moves that many minor units from the purse to the account. */
  redeem(amount: bigint, holder?: HolderProof): Promise<WalletResult<Redemption>>;

  /** Moves everything to the account. Null when there is nothing. */
  redeemAll(holder?: HolderProof): Promise<WalletResult<Redemption | null>>;

  /**
   * Opens a till that only receives, on a static code: of before, or a new one.
   *
   * @example
   * ```ts
   * import { encodeQr, qrReceiver, type Wallet } from '@tallystick/wallet';
   *
   * export async function openTill(
   *   wallet: Wallet,
   *   print: (qr: string) => void,
   *   readCodes: (scanned: (text: string) => unknown) => void,
   * ): Promise<void> {
   *   const opened = await wallet.terminal({
   *     amount: null,
   *     validSeconds: 365 * 86_400,
   *     onEvent: (event) => print(event.kind === 'accepted' ? `+ ${event.amount}` : event.kind),
   *   });
   *   if (!opened.ok) return print(opened.error.message);
   *   print(encodeQr(opened.value.code).text(0));
   *   const { transport, scanned } = qrReceiver();
   *   readCodes(scanned);
   *   await opened.value.listen(transport);
   * }
   * ```
   */
  terminal(options: TerminalOptions): Promise<WalletResult<Terminal>>;
}

/** Puts a wallet together. Nothing is asked of the element or the backend before a method is called. */
export function createWallet(options: WalletOptions): Wallet {
  return new PurseWallet(options);
}

class PurseWallet implements Wallet {
  readonly purse: PurseClient;
  readonly #store: PendingStore;
  readonly #parts: Parts;
  readonly #online: Online;
  readonly #turns = new Mutex();

  constructor(options: WalletOptions) {
    const { element, backend, pendingStore, timer, patience = {}, verify, random = null } = options;
    this.purse = new PurseClient(element);
    this.#store = pendingStore;
    this.#parts = makeParts(this.purse, pendingStore, timer, patience, verify, random);
    this.#online = makeOnline(this.#parts, backend, pendingStore);
  }

  enrol(order: EnrolOrder): Promise<WalletResult<void>> {
    return this.#inTurn(() => enrol(this.#online, order));
  }

  balance(): Promise<WalletResult<Balance>> {
    return outcome(() => balanceOf(this.#online));
  }

  load(amount: bigint): Promise<WalletResult<Balance>> {
    return this.#inTurn(async () => {
      await load(this.#online, amount);
      return balanceOf(this.#online);
    });
  }

  pay(transport: Transport, confirm: Confirm): Promise<WalletResult<PaymentOutcome>> {
    return pay(this.#parts, transport, confirm);
  }

  payCode(
    code: Bytes,
    transport: Transport,
    confirm: Confirm,
  ): Promise<WalletResult<PaymentOutcome>> {
    return payStaticCode(this.#parts, code, transport, confirm);
  }

  showAgain(paymentId: Bytes, transport: Transport): Promise<WalletResult<PaymentOutcome>> {
    return showAgain(this.#parts, paymentId, transport);
  }

  async getPaid(transport: Transport, request: PaymentRequest): Promise<WalletResult<Accepted>> {
    const policy = await outcome(() => this.#online.policies.need());
    if (!policy.ok) {
      await transport.close();
      return policy;
    }
    const { currency } = policy.value;
    return getPaid(this.#parts, transport, { ...request, currency });
  }

  answer(transport: Transport): Promise<WalletResult<readonly Accepted[]>> {
    return answerDoubts(this.#parts, transport);
  }

  meet(transport: Transport): Promise<WalletResult<void>> {
    return meet(this.#parts, transport);
  }

  pending(): Promise<WalletResult<readonly PendingItem[]>> {
    return outcome(async () => (await this.#parts.payments.doubts()).map(itemOf));
  }

  resolve(
    transport: Transport,
    paymentId: Bytes,
    how: 'retry' | 'void',
  ): Promise<WalletResult<PaymentOutcome>> {
    return resolve(this.#parts, transport, paymentId, how);
  }

  sync(): Promise<WalletResult<WalletSync>> {
    return this.#inTurn(async () => {
      const loaded = await outcome(() => finishLoad(this.#online));
      const report = await sync(this.#online);
      const renewed = await outcome(() => renewIfDue(this.#online));
      const until = await outcome(() => acceptedUntil(this.#online));
      const failures = [loaded, renewed, until].flatMap((step) => (step.ok ? [] : [step.error]));
      return {
        ...report,
        loaded: loaded.ok ? loaded.value : null,
        renewed: renewed.ok && renewed.value,
        updateBy: until.ok ? until.value : null,
        problems: [...report.problems, ...failures],
      };
    });
  }

  renew(alg?: Algorithm): Promise<WalletResult<void>> {
    return this.#inTurn(() => renew(this.#online, alg));
  }

  adoptPolicy(policy: Bytes): Promise<WalletResult<void>> {
    return outcome(async () => need(await this.#online.policies.learn(policy)));
  }

  redeem(amount: bigint, holder: HolderProof = {}): Promise<WalletResult<Redemption>> {
    return this.#inTurn(() => redeem(this.#online, amount, holder));
  }

  redeemAll(holder: HolderProof = {}): Promise<WalletResult<Redemption | null>> {
    return this.#inTurn(async () => {
      // A load under way would arrive after everything was taken out; one that fails is none.
      await outcome(() => finishLoad(this.#online));
      return redeemAll(this.#online, holder);
    });
  }

  terminal(options: TerminalOptions): Promise<WalletResult<Terminal>> {
    return outcome(async () => {
      const { currency } = await this.#online.policies.need();
      return need(await Terminal.open(this.#parts, this.#store, { ...options, currency }));
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<WalletResult<T>> {
    return this.#turns.run(() => outcome(work));
  }
}
