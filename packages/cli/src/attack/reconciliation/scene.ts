import { join } from 'node:path';
import { type Result, type Seconds, unwrap } from '@tallystick/protocol';
import type { Environment } from '../../environments/index.ts';
import { plain } from '../../environments/index.ts';
import type { Arena } from '../arena.ts';
import type { Finding } from '../attack.ts';
import { finding } from '../attempt.ts';
import { Books } from './books.ts';
import { Customer } from './customer.ts';
import type { Office } from './office.ts';

/** Money of every attacker, and what a payment takes: below the amount that needs a PIN. */
export const MONEY = 4_000n;

interface CustomerOptions {
  /** Money in the purse. */
  readonly amount?: bigint;
  /** Money in the account besides. */
  readonly saved?: bigint;
}

/** An attack at the office: its customers, its books, and a time that all of them share. */
export class Scene {
  readonly #arena: Arena;
  readonly office: Office;
  readonly books: Books;

  private constructor(arena: Arena, office: Office) {
    this.#arena = arena;
    this.office = office;
    this.books = new Books(office);
  }

  static async at(arena: Arena): Promise<Scene> {
    const office = await arena.office();
    // Weeks may have passed in the attacks before.
    arena.now = office.clock();
    return new Scene(arena, office);
  }

  /** The attacker: in the environment that is attacked, at the first participant. */
  attacker(options: CustomerOptions = {}): Promise<Customer> {
    return this.#customer(this.#arena.environment, 0, options);
  }

  /** Somebody else: in the plain process, at the second participant. */
  other(options: CustomerOptions = {}): Promise<Customer> {
    return this.#customer(plain, 1, options);
  }

  async #customer(
    environment: Environment,
    participant: 0 | 1,
    { amount = 0n, saved = 0n }: CustomerOptions,
  ): Promise<Customer> {
    const device = await this.#device(environment);
    const party = this.#arena.scheme.participants[participant];
    const customer = await Customer.enrol(this.office, device, party, amount + saved);
    if (amount > 0n) await customer.load(amount);
    return customer;
  }

  /** A device that runs what this office's publisher has signed. */
  async #device(environment: Environment): Promise<ReturnType<Arena['device']>> {
    const { backend } = this.office;
    const image = await backend.offeredImage();
    const code = image === null ? null : await backend.imageCode(image.sha256);
    if (image === null || code === null) throw new Error('the office offers no image');
    const { publisher } = backend.authority;
    return this.#arena.device(environment, { publisher, image: { manifest: image.wire, code } });
  }

  /** Time that passes for everybody. */
  pass(seconds: Seconds): void {
    this.office.pass(seconds);
    this.#arena.now = this.office.clock();
  }

  /** A device clock that its owner sets: the office's does not follow. */
  setDeviceClocks(now: Seconds): void {
    this.#arena.now = now;
  }

  /** A copy of a purse on another device of its kind; the code where it does not open there. */
  async copyOf(purse: Customer): Promise<Customer | string> {
    await purse.device.close();
    const device = await this.#device(this.#arena.environment);
    await this.#arena.copy(purse.device.files, device.files);
    const opened = await device.open();
    await purse.open();
    return opened.ok ? purse.copyOn(device, unwrap(opened)) : opened.error.code;
  }
}

/** Copies a purse's storage, and gives what puts it back and says why it does not open; null where it does. */
export async function keepCopy(
  arena: Arena,
  purse: Customer,
): Promise<() => Promise<string | null>> {
  const { device } = purse;
  const kept = join(arena.folder, 'kept');
  await device.close();
  await arena.copy(device.files, kept);
  await purse.open();
  return async () => {
    await device.close();
    await arena.copy(kept, device.files);
    return purse.tryToOpen();
  };
}

/** What is done before a copy is put back, and what with it; the latter is tried where the copy has no effect. */
export interface Rollback {
  readonly ran: string;
  readonly next: string;
  readonly attempt: () => Promise<Result<unknown>>;
}

/** Puts a copy back; the finding where that gets its owner nowhere, null where the purse has forgotten. */
export async function rollBack(
  purse: Customer,
  putBack: () => Promise<string | null>,
  { ran, next, attempt }: Rollback,
): Promise<Finding | null> {
  const before = await purse.hash();
  const refusal = await putBack();
  const tried = `${ran}, and put an old copy of the purse back`;
  if (refusal !== null) {
    return finding('prevented', { ran: `${tried}, which does not open`, before, refusal });
  }
  if ((await purse.hash()) !== before) return null;
  const outcome = await attempt();
  if (outcome.ok) throw new Error('a copy without effect had one');
  return finding('prevented', {
    ran: `${tried}, which changed nothing; was refused when it then ${next}`,
    before,
    after: await purse.hash(),
    refusal: outcome.error.code,
  });
}
