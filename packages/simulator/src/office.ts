import {
  type Backend,
  createBackend,
  createMemoryKeys,
  createMemoryStore,
  createSandboxRail,
  type KeyRing,
  type Outcome,
  type Scheme,
  type Store,
} from '@tallystick/backend/core';
import {
  type Bytes,
  decodeBody,
  decodePayload,
  decodeSigned,
  loadReply,
  payment,
  recordId,
  requestDigest,
  type SignatureCheck,
} from '@tallystick/protocol';
import { calmFate, type Fate } from './fate.ts';
import type { Fault } from './faults.ts';
import { BackendCrash, frailStore, StoreFull } from './frail-store.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';
import { imageCode, WORLD_SCHEME } from './scheme.ts';
import type { Sign } from './sim-element.ts';
import type { Truth } from './truth.ts';

/** What every account holds before the first load, in minor units. */
export const OPENING_BALANCE = 1_000_000n;

export interface OfficeParts {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly verify: (check: SignatureCheck) => boolean;
  readonly sign: Sign;
  readonly truth: Truth;
  readonly scheme: Scheme;
}

/**
 * The real backend of the world: its service and reconciliation on a store in memory. Its process
 * dies now and then; the next one finds what was committed.
 */
export class Office {
  /** Errors other than crashes: there must be none. */
  readonly failures: unknown[] = [];
  readonly store: Store = createMemoryStore();
  /** The network is down for everybody. */
  isOut = false;
  /** Version of the newest image. */
  imageVersion = 1;
  readonly #parts: OfficeParts;
  readonly #keys: KeyRing;
  #backend: Backend | null = null;
  #restarting: Promise<void> | null = null;
  /** What goes wrong in what is asked now; null while nothing may. */
  #fate: Fate | null = null;

  constructor(parts: OfficeParts) {
    this.#parts = parts;
    const keyRandom = parts.random.fork('keys');
    this.#keys = createMemoryKeys((length) => keyRandom.bytes(length), parts.sign);
  }

  /** Starts the first process, and tells the truth whose keys issue money. */
  async start(): Promise<void> {
    await this.#startProcess();
    for (const { issuing } of this.backend.authority.participants) {
      this.#parts.truth.addIssuer(issuing.certificate.ref);
    }
  }

  /** The process that runs now. */
  get backend(): Backend {
    if (this.#backend === null) throw new Error('the backend was not started');
    return this.#backend;
  }

  /**
   * Has the backend do something; null when its process died over it, is being started, or could not
   * write. What is asked runs to its end before the next event, so one fate at a time is enough.
   */
  async ask<T>(
    work: (backend: Backend) => Promise<Outcome<T>>,
    fate: Fate,
  ): Promise<Outcome<T> | null> {
    if (this.#restarting !== null) return null;
    this.#fate = fate;
    try {
      return await work(this.backend);
    } catch (error) {
      if (error instanceof StoreFull) return null;
      if (!(error instanceof BackendCrash)) throw error;
      await this.#restart();
      return null;
    } finally {
      this.#fate = null;
    }
  }

  /** The issuer's load, of which the truth is told whether or not the reply arrives. */
  async load(request: Bytes, fate: Fate): Promise<Outcome<Bytes> | null> {
    const outcome = await this.ask((backend) => backend.load(request), fate);
    if (outcome?.ok !== true) return outcome;
    const signed = decodeSigned(
      decodeBody(loadReply, outcome.value).payment,
      requestDigest(request),
    );
    const { payee, value } = decodePayload(signed.payload, payment, 'payment');
    this.#parts.truth.loadIssued(recordId(signed), payee, value.amount);
    return outcome;
  }

  /** The next version of the trusted application comes with the next version of the backend. */
  async release(): Promise<void> {
    this.imageVersion += 1;
    await this.#restart();
  }

  #restart(): Promise<void> {
    this.#restarting ??= this.#startProcess().finally(() => {
      this.#restarting = null;
    });
    return this.#restarting;
  }

  /** Starts a process on what is stored, and lets it finish what its predecessor began. */
  async #startProcess(): Promise<void> {
    const { schedule, random, verify } = this.#parts;
    this.#fate = null;
    const befalls = (fault: Fault): boolean => this.#fate?.strikes(fault, 'backend') ?? false;
    const store = frailStore(this.store, {
      dies: () => befalls('backendCrashes'),
      isFull: () => befalls('backendDisksFull'),
    });
    this.#backend = await createBackend({
      scheme: this.#parts.scheme,
      store,
      keys: this.#keys,
      rail: createSandboxRail(store),
      verifyMany: (checks) => Promise.resolve(checks.map(verify)),
      clock: () => schedule.nowSeconds,
      random: (length) => random.bytes(length),
      ownImage: imageCode(this.imageVersion),
      onFailure: (error) => {
        const isOurs = error instanceof BackendCrash || error instanceof StoreFull;
        if (!isOurs) this.failures.push(error);
      },
    });
    await this.#backend.recover();
  }
}

/** Opens a holder's account, or a merchant's acceptance point that shows its name. */
export async function openAccount(
  office: Office,
  participant: string,
  account: string,
  acceptancePoint: string | null,
): Promise<void> {
  const { currency } = WORLD_SCHEME;
  const order = { participant, account, currency, balance: OPENING_BALANCE, acceptancePoint };
  // A backend that has just died is asked again.
  for (let isOpen = false; !isOpen; ) {
    const opened = await office.ask(({ rail }) => rail.open(order), calmFate());
    if (opened?.ok === false) throw new Error(opened.error.message);
    isOpen = opened !== null;
  }
}
