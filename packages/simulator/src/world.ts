import { decodeCertificate, sha256, type SignatureCheck } from '@tallystick/protocol';
import { softwareSign } from '@tallystick/protocol/software';
import { step } from '@tallystick/trusted-app';
import type { Scheme } from '@tallystick/backend/core';
import type { BackendPort, WalletResult } from '@tallystick/wallet';
import { Agent, type Description, type Role, type Surroundings } from './agent.ts';
import type { Deed, Done, Scripted } from './deeds.ts';
import { asWritten, byChance, Fate } from './fate.ts';
import { CALM, type FaultCounts, type FaultRates, noFaults } from './faults.ts';
import { simulatedNetwork } from './network.ts';
import type { Sign } from './sim-element.ts';
import { Office, OPENING_BALANCE, openAccount } from './office.ts';
import { perform } from './perform.ts';
import { type Random, seededRandom } from './random.ts';
import { Schedule } from './schedule.ts';
import { imageCode, WORLD_SCHEME, WORLD_START } from './scheme.ts';
import { Truth, type Violation } from './truth.ts';
import { rememberVerdicts } from './verdicts.ts';

export interface WorldOptions {
  readonly seed: string;
  readonly wallets: number;
  readonly terminals: number;
  readonly attackers: number;
  readonly rates: FaultRates;
  /** Verifies signatures; every correct one gives the same run. */
  readonly verify: (check: SignatureCheck) => boolean;
  /** Signs deterministically (RFC 6979); plain JavaScript where nothing is said. */
  readonly sign?: Sign;
  /** The trusted application of every device; the real one where nothing is said. */
  readonly step?: typeof step;
  /** Verdicts that the whole world remembers; only how fast it runs depends on it. */
  readonly verdictsMax?: number;
  /** Whether devices that meet compare what they have seen (TS-WIT-2); they do unless this is false. */
  readonly witnesses?: boolean;
  /** Other rules than those of the usual world: windows and limits, not currency or participants. */
  readonly scheme?: Scheme;
}

/** Everything there is, and what may happen to it. */
export class World {
  readonly schedule: Schedule = new Schedule(WORLD_START * 1_000);
  readonly random: Random;
  readonly truth: Truth = new Truth();
  readonly counts: FaultCounts = noFaults();
  readonly agents: Agent[] = [];
  readonly office: Office;
  readonly refusals: Map<string, number> = new Map();
  readonly violations: (Violation & { readonly step: number })[] = [];
  /** Accounts whose purses the backend has named, as far as the audit has seen. */
  readonly culprits: Set<string> = new Set();
  /** Exceptions in agents' work: there must be none. */
  readonly breakdowns: unknown[] = [];
  /** Everything that was done, in order. */
  readonly history: Done[] = [];
  /** Told of devices that come into the world later. */
  onBirth: (agent: Agent) => void = () => undefined;
  /** What each account holds before the first load. */
  readonly openingBalance: bigint = OPENING_BALANCE;
  step = 0;
  syncs = 0;
  readonly witnessed = { sets: 0, asked: 0, shown: 0 };
  checks = 0;
  /** Nothing goes wrong before everybody is there. */
  #rates: FaultRates = CALM;
  #calmFrom: number | null = null;
  readonly #around: Surroundings;

  static async create(options: WorldOptions): Promise<World> {
    const world = new World(options);
    await world.office.start();
    await world.#populate(options);
    world.#rates = options.rates;
    return world;
  }

  private constructor({
    seed,
    verify,
    sign = softwareSign,
    step: application = step,
    verdictsMax,
    witnesses = true,
    scheme = WORLD_SCHEME,
  }: WorldOptions) {
    this.random = seededRandom(seed);
    const { schedule, truth } = this;
    const shared = { schedule, truth, sign, verify: rememberVerdicts(verify, verdictsMax) };
    this.office = new Office({ ...shared, random: this.random.fork('office'), scheme });
    this.#around = {
      ...shared,
      step: application,
      witnesses,
      newestImage: () => sha256(imageCode(this.office.imageVersion)),
      connect: (agent) => this.#connect(agent),
    };
  }

  readonly rates: () => FaultRates = () => this.#rates;

  #connect(agent: Agent): BackendPort {
    const { schedule, office, counts, truth } = this;
    return simulatedNetwork({
      schedule,
      office,
      name: agent.name,
      fate: () => agent.fate,
      counts,
      isOnline: () => agent.isOnline,
      certified: (bytes) => truth.addCertificate(decodeCertificate(bytes).ref, agent.name),
    });
  }

  /** From now on nothing goes wrong any more, and nobody acts by habit. */
  calmDown(): void {
    this.#rates = CALM;
    this.#calmFrom = this.history.length;
  }

  /** How many deeds there were before the calm; null before it. */
  get calmFrom(): number | null {
    return this.#calmFrom;
  }

  get isCalm(): boolean {
    return this.#calmFrom !== null;
  }

  async #populate({ wallets, terminals, attackers }: WorldOptions): Promise<void> {
    const roles = [
      ...Array.from({ length: wallets }, (_, index) => ['wallet', `wallet-${index}`] as const),
      ...Array.from(
        { length: terminals },
        (_, index) => ['terminal', `terminal-${index}`] as const,
      ),
      ...Array.from(
        { length: attackers },
        (_, index) => ['attacker', `attacker-${index}`] as const,
      ),
    ];
    for (const [index, [role, name]] of roles.entries()) {
      await this.welcome(name, role, WORLD_SCHEME.participants[index % 2]?.code ?? '');
    }
  }

  /** Somebody new, with an account and a device. */
  async welcome(name: string, role: Role, participant: string): Promise<void> {
    await openAccount(this.office, participant, name, role === 'terminal' ? `Shop ${name}` : null);
    this.add({ name, role, participant, account: name, random: this.random.fork(name) });
  }

  add(of: Description): Agent {
    const agent = new Agent(this.#around, of);
    this.agents.push(agent);
    this.onBirth(agent);
    return agent;
  }

  find(name: string): Agent | undefined {
    return this.agents.find((agent) => agent.name === name);
  }

  /** Has a deed done now; what goes wrong in it is left to chance, or is as it was written down. */
  enact(deed: Deed, mishaps?: Scripted['mishaps']): void {
    const decide =
      mishaps === undefined
        ? byChance(this.random.fork(`deed ${this.history.length}`), this.rates)
        : asWritten(mishaps);
    const fate = new Fate(this.counts, decide);
    const done: Done = {
      at: this.schedule.now - WORLD_START * 1_000,
      deed,
      mishaps: fate.mishaps,
      outcome: null,
    };
    this.history.push(done);
    this.start(this.#carryOut(done, fate));
  }

  async #carryOut(done: Done, fate: Fate): Promise<void> {
    done.outcome = await perform(this, done.deed, fate);
  }

  /** Counts why something was refused. */
  note(result: WalletResult<unknown>): void {
    if (result.ok) return;
    const { code, reason } = result.error;
    const name = reason === undefined ? code : `${code}:${reason}`;
    this.refusals.set(name, (this.refusals.get(name) ?? 0) + 1);
  }

  /** Starts work whose end nobody waits for; what it throws is a violation. */
  start(work: Promise<void>): void {
    work.catch((error: unknown) => this.breakdowns.push(error));
  }

  violate(invariant: string, detail: string): void {
    this.violations.push({ invariant, detail, step: this.step });
  }
}
