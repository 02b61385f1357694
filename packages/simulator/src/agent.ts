import { type Bytes, encodeCbor, sha256, type SignatureCheck } from '@tallystick/protocol';
import { type BackendPort, createWallet, type Wallet } from '@tallystick/wallet';
import type { Effect, step } from '@tallystick/trusted-app';
import { calmFate, type Fate } from './fate.ts';
import { Notebook } from './notebook.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';
import { ENVIRONMENT } from './scheme.ts';
import { type Incident, type Sign, SimElement, type Storage } from './sim-element.ts';
import { simulatedTimer } from './timer.ts';
import type { Truth } from './truth.ts';

/** Who an agent is. Terminals only receive; attackers put old copies of their storage back. */
export type Role = 'wallet' | 'terminal' | 'attacker';

/** What all agents of a world share. */
export interface Surroundings {
  readonly schedule: Schedule;
  readonly truth: Truth;
  readonly verify: (check: SignatureCheck) => boolean;
  readonly sign: Sign;
  readonly step: typeof step;
  /** Measurement of the newest image. */
  readonly newestImage: () => Bytes;
  /** Whether devices that meet compare what they have seen. */
  readonly witnesses: boolean;
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

/** How a local clock is wrong. */
export type Clock = { readonly offset: number } | { readonly frozenAt: number };

export const RIGHT: Clock = { offset: 0 };

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
  /** Seconds by which the local clock is wrong, or the moment at which it stands still. */
  clock: Clock = RIGHT;
  /** Measurement of the image that its device runs. */
  image: Bytes;
  /** It was told that there is a newer one. */
  isUpdateDue = false;
  /** Nothing more can be written, neither by the trusted application nor by the wallet. */
  isDiskFull = false;
  /** Its holder has told the participant that it is gone. */
  isReported = false;
  /** Whoever found it pays with it. */
  isFound = false;
  /** Nothing comes of it any more, and nobody meets it by chance. */
  isRetired = false;
  /** What goes wrong in what it does now. */
  fate: Fate = calmFate();
  /** An old copy of the storage, in an attacker's drawer. */
  drawer: Storage | null = null;
  wallet: Wallet;
  readonly #around: Surroundings;
  readonly #backend: BackendPort;
  readonly #notebook: Notebook;
  readonly #nonces: Random;
  #isGone = false;

  constructor(around: Surroundings, of: Description) {
    this.#around = around;
    this.name = of.name;
    this.role = of.role;
    this.participant = of.participant;
    this.account = of.account;
    this.random = of.random;
    this.#nonces = of.random.fork('nonces');
    this.isEnrolled = of.cloneOf !== undefined;
    this.image = of.cloneOf?.image ?? around.newestImage();
    this.keySeed = of.cloneOf?.keySeed ?? sha256(encodeCbor(['key', of.name]));
    this.element = new SimElement(
      {
        identity: () => ({ environment: ENVIRONMENT, measurement: this.image }),
        clock: () => this.#now(),
        step: around.step,
        sign: around.sign,
        verify: around.verify,
        before: (effect) => this.#befall(effect),
        committed: (effect) => around.truth.committed(this.name, effect),
      },
      this.keySeed,
      of.random.fork('element'),
    );
    if (of.cloneOf !== undefined) this.element.rollback(of.cloneOf.element.storage);
    this.#notebook = new Notebook(
      () => this.isDiskFull,
      of.cloneOf === undefined ? undefined : of.cloneOf.#notebook,
    );
    this.#backend = around.connect(this);
    this.wallet = this.#openWallet();
  }

  /** It is nobody's copy. */
  get isOriginal(): boolean {
    return !this.name.includes("'");
  }

  /** Nobody has it any more. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Nobody will ever switch it on again. */
  vanish(): void {
    this.#isGone = true;
    this.element.powerOff();
  }

  /** Whether it can do something of its own. */
  get isFree(): boolean {
    return !this.isBusy && this.element.isOn;
  }

  /** Whether it can take part in what another one does. */
  get isReady(): boolean {
    return this.isFree && this.isEnrolled;
  }

  /** Power back on: the wallet starts from its store and the disk, nothing else. */
  restart(): void {
    if (this.#isGone) return;
    this.element.powerOn();
    this.wallet = this.#openWallet();
    this.isBusy = false;
  }

  /** Runs another image from now on, on what is stored. */
  update(image: Bytes): void {
    this.image = image;
    this.isUpdateDue = false;
    this.element.powerOff();
    this.element.powerOn();
    this.wallet = this.#openWallet();
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
      timer: simulatedTimer(this.#around.schedule, () => this.#now()),
      verify: this.#around.verify,
      ...(this.#around.witnesses ? { random: (length) => this.#nonces.bytes(length) } : {}),
    });
  }

  #now(): number {
    const now = this.#around.schedule.nowSeconds;
    return Math.max(0, 'offset' in this.clock ? now + this.clock.offset : this.clock.frozenAt);
  }

  #befall(effect: Effect): Incident {
    const { fate, name } = this;
    if (fate.strikes('crashes', name)) return 'crash';
    if (effect.kind !== 'commit') return 'go';
    if (fate.strikes('tornWrites', name)) return 'tear';
    return this.isDiskFull || fate.strikes('failedCommits', name) ? 'fail' : 'go';
  }
}
