import { type Bytes, encodeCbor, sha256, type SignatureCheck } from '@tallystick/protocol';
import { type BackendPort, createWallet, type Wallet } from '@tallystick/wallet';
import type { Effect } from '@tallystick/trusted-app';
import type { FaultCounts, FaultRates } from './faults.ts';
import { Notebook } from './notebook.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';
import { ENVIRONMENT, IMAGE } from './scheme.ts';
import { SimElement, type Storage } from './sim-element.ts';
import { simulatedTimer } from './timer.ts';
import type { Truth } from './truth.ts';

/** Who an agent is. Terminals only receive; attackers put old copies of their storage back. */
export type Role = 'wallet' | 'terminal' | 'attacker';

/** What all agents of a world share. */
export interface Surroundings {
  readonly schedule: Schedule;
  readonly truth: Truth;
  readonly verify: (check: SignatureCheck) => boolean;
  readonly rates: () => FaultRates;
  readonly counts: FaultCounts;
  /** The way to the backend for an agent that is online when asked. */
  readonly connect: (agent: Agent) => BackendPort;
}

export interface Description {
  readonly name: string;
  readonly role: Role;
  readonly participant: string;
  readonly account: string;
  readonly random: Random;
  /** A clone has the keys and the storage of another. */
  readonly cloneOf?: Agent;
}

/** One device of the world. */
export class Agent {
  readonly name: string;
  readonly role: Role;
  readonly participant: string;
  readonly account: string;
  readonly random: Random;
  readonly keySeed: Bytes;
  readonly element: SimElement;
  isEnrolled: boolean;
  isOnline = true;
  /** True while a contact or a conversation with the backend is under way. */
  isBusy = false;
  /** Seconds by which the local clock is wrong. */
  clockOffset = 0;
  /** An old copy of the storage, in an attacker's drawer. */
  drawer: Storage | null = null;
  wallet: Wallet;
  readonly #around: Surroundings;
  readonly #backend: BackendPort;
  readonly #notebook: Notebook;

  constructor(around: Surroundings, of: Description) {
    this.#around = around;
    this.name = of.name;
    this.role = of.role;
    this.participant = of.participant;
    this.account = of.account;
    this.random = of.random;
    this.isEnrolled = of.cloneOf !== undefined;
    this.keySeed = of.cloneOf?.keySeed ?? sha256(encodeCbor(['key', of.name]));
    this.element = new SimElement(
      {
        identity: { environment: ENVIRONMENT, measurement: IMAGE },
        clock: () => Math.max(0, around.schedule.nowSeconds + this.clockOffset),
        verify: around.verify,
        before: (effect) => this.#fate(effect),
        committed: (effect) => around.truth.committed(this.name, effect),
      },
      this.keySeed,
      of.random.fork('element'),
    );
    if (of.cloneOf !== undefined) this.element.rollback(of.cloneOf.element.storage);
    this.#notebook = new Notebook(of.cloneOf === undefined ? undefined : of.cloneOf.#notebook);
    this.#backend = around.connect(this);
    this.wallet = this.#openWallet();
  }

  /** Power back on: the wallet starts from its store and the disk, nothing else. */
  restart(): void {
    this.element.powerOn();
    this.wallet = this.#openWallet();
    this.isBusy = false;
  }

  /** Puts the copy from the drawer back. */
  rollBack(to: Storage): void {
    this.element.rollback(to);
    this.wallet = this.#openWallet();
  }

  #openWallet(): Wallet {
    return createWallet({
      element: this.element,
      backend: this.#backend,
      pendingStore: this.#notebook,
      timer: simulatedTimer(this.#around.schedule, () => this.clockOffset),
      verify: this.#around.verify,
    });
  }

  #fate(effect: Effect): 'go' | 'crash' | 'fail' {
    const rates = this.#around.rates();
    if (effect.kind === 'commit' && this.random.perMille(rates.failCommit)) {
      this.#around.counts.failedCommits++;
      return 'fail';
    }
    if (!this.random.perMille(rates.crash)) return 'go';
    this.#around.counts.crashes++;
    return 'crash';
  }
}
