import { namedCulprits } from '../auditor.ts';
import { runOut } from '../advance.ts';
import type { Deed } from '../deeds.ts';
import { CALM } from '../faults.ts';
import { DAY, HOUR, WORLD_SCHEME, WORLD_START } from '../scheme.ts';
import { World, type WorldOptions } from '../world.ts';

/** What stands between whoever puts an old copy back and the money, each on or off. */
export interface Layers {
  /** Hardware vouches for the one state that counts: an old one does not open. */
  readonly counter: boolean;
  /** Windows of days, and somebody who looks at the epoch that a statement names. */
  readonly epoch: boolean;
  /** Shops that meet compare what they have seen. */
  readonly witnesses: boolean;
}

/** What came of one attack, in days since it began. */
export interface Walk {
  /** Payments that shops accepted, and what they came to. */
  readonly accepted: number;
  readonly total: bigint;
  /** Money that exists only because the copy was put back. */
  readonly counterfeit: bigint;
  /** The evening on which two shops made a proof, and how many meetings there had been; null for never. */
  readonly proven: { readonly day: number; readonly meetings: number } | null;
  /** The night on which the backend named the culprit; null for never. */
  readonly named: number | null;
  /** The first day on which a shop refused the payer for being away too long; null for never. */
  readonly stale: number | null;
  /** The first day from which on no shop took anything any more; null if one still did on the last. */
  readonly over: number | null;
  /** Whether the purse's own next sync shows an epoch of the past. */
  readonly rolledBack: boolean;
}

type Engine = Pick<WorldOptions, 'verify' | 'sign'>;

/** What the attacker has, and what it pays each time. */
const MONEY = 2_000n;
const SHOPS = 16;
const DAYS = 16;
/** Shops sync in every seventh night. */
const SYNC_EVERY = 7;
const ATTACKER = 'attacker-0';

/** How long a purse pays without a sync: ten days, or longer than the attack. */
const windowOf = ({ epoch }: Layers): number => (epoch ? 10 : 40) * DAY;

/** Codes with which a payee says that the payer was away too long. */
const STALE: ReadonlySet<string> = new Set(['PAYER_STALE', 'PAST_ACCEPT_BY']);

/**
 * A street of sixteen shops without a network, which all sync in every seventh night, and meet in pairs by chance each
 * evening. The attacker has one copy of its purse, made before its last two syncs; each day it pays
 * all it has at the next shop, and puts the copy back. Its clock stops before the copy's own window ends.
 */
export async function walkStreet(layers: Layers, engine: Engine): Promise<Walk> {
  const world = await World.create({
    seed: 'street',
    wallets: 0,
    terminals: SHOPS,
    attackers: 1,
    rates: CALM,
    witnesses: layers.witnesses,
    scheme: withWindows(windowOf(layers)),
    ...engine,
  });
  const street = new Street(world, layers);
  await street.open();
  for (let day = 0; day < DAYS; day++) await street.pass(day);
  return street.close();
}

function withWindows(offlineSeconds: number): typeof WORLD_SCHEME {
  const tiers = WORLD_SCHEME.tiers.map((tier) => ({ ...tier, offlineSeconds }));
  return { ...WORLD_SCHEME, tiers, staleSeconds: offlineSeconds + DAY };
}

class Street {
  readonly #world: World;
  readonly #layers: Layers;
  readonly #shops: readonly string[] = Array.from({ length: SHOPS }, (_, at) => `terminal-${at}`);
  #meetings = 0;
  #accepted = 0;
  #over: number | null = null;
  #proven: Walk['proven'] = null;
  #named: number | null = null;
  #stale: number | null = null;

  constructor(world: World, layers: Layers) {
    this.#world = world;
    this.#layers = layers;
  }

  /** Everybody joins; the attacker loads, copies its purse, and syncs twice. */
  async open(): Promise<void> {
    for (const { name } of this.#world.agents) await this.#do({ do: 'enrol', who: name });
    const who = ATTACKER;
    await this.#do({ do: 'load', who, amount: MONEY });
    await this.#do({ do: 'sync', who });
    await this.#do({ do: 'copy-storage', who });
    for (const amount of [1n, 1n]) {
      await this.#do({ do: 'load', who, amount });
      await this.#do({ do: 'sync', who });
    }
    await this.#putBack();
    for (const { name } of this.#world.agents) {
      await this.#do({ do: 'reach', who: name, isOnline: false });
    }
  }

  /** One day: a payment in the morning, meetings in the evening, and perhaps a sync at night. */
  async pass(day: number): Promise<void> {
    await this.#until(day, 10);
    await this.#attack(day);
    await this.#until(day, 19);
    await this.#meet(day);
    if (day % SYNC_EVERY !== SYNC_EVERY - 1) return;
    await this.#until(day, 23);
    await this.#syncShops();
    this.#named ??= (await namedCulprits(this.#world)).has(ATTACKER) ? day : null;
  }

  /** The attacker's purse comes home, set back as it is. */
  async close(): Promise<Walk> {
    const world = this.#world;
    await this.#do({ do: 'reach', who: ATTACKER, isOnline: true });
    await this.#do({ do: 'sync', who: ATTACKER });
    const { rows } = await world.office.store.reports.purses('', 100);
    const total = [...world.truth.payments.values()]
      .filter(({ payer, acceptedBy }) => payer === ATTACKER && acceptedBy.size > 0)
      .reduce((sum, { amount }) => sum + amount, 0n);
    if (world.violations.length > 0) throw new Error(JSON.stringify(world.violations));
    return {
      accepted: this.#accepted,
      total,
      counterfeit: total > MONEY ? total - MONEY : 0n,
      proven: this.#proven,
      named: this.#named,
      stale: this.#stale,
      over: this.#over,
      rolledBack: rows.some(({ account, rolledBack }) => account === ATTACKER && rolledBack),
    };
  }

  async #attack(day: number): Promise<void> {
    const whom = this.#shops[day] ?? '';
    const { nowSeconds } = this.#world.schedule;
    const frozenAt = Math.min(nowSeconds, WORLD_START + windowOf(this.#layers) - HOUR);
    await this.#do({ do: 'set-clock', who: ATTACKER, clock: { frozenAt } });
    const refusals = new Map(this.#world.refusals);
    const deed = { do: 'pay', who: ATTACKER, whom, amount: MONEY, despiteDoubt: true } as const;
    const isPaid = (await this.#do(deed)) === 'paid';
    this.#accepted += isPaid ? 1 : 0;
    this.#over = isPaid ? null : (this.#over ?? day);
    const said = [...this.#world.refusals].filter(
      ([code, count]) => count > (refusals.get(code) ?? 0),
    );
    if (said.some(([code]) => STALE.has(code.split(':')[0] ?? ''))) this.#stale ??= day;
    await this.#putBack();
  }

  /** Where hardware counts, the copy does not open, and the purse stays as it is. */
  async #putBack(): Promise<void> {
    if (this.#layers.counter) return;
    const attacker = this.#world.find(ATTACKER);
    const copy = attacker?.drawer ?? null;
    await this.#do({ do: 'roll-back', who: ATTACKER });
    if (attacker !== undefined) attacker.drawer = copy;
  }

  async #meet(day: number): Promise<void> {
    const random = this.#world.random.fork(`evening ${day}`);
    const left = [...this.#shops];
    while (left.length > 1) {
      const [who] = left.splice(random.int(left.length), 1);
      const [whom] = left.splice(random.int(left.length), 1);
      if (who === undefined || whom === undefined) break;
      await this.#do({ do: 'meet', who, whom });
      this.#meetings += 1;
      const isProven = this.#world.witnessed.shown > 0;
      if (isProven) this.#proven ??= { day, meetings: this.#meetings };
    }
  }

  async #syncShops(): Promise<void> {
    for (const who of this.#shops) {
      await this.#do({ do: 'reach', who, isOnline: true });
      await this.#do({ do: 'sync', who });
      await this.#do({ do: 'reach', who, isOnline: false });
    }
  }

  /** Lets the time of a day come; the street opens on the day after everybody has joined. */
  async #until(day: number, hour: number): Promise<void> {
    const at = (WORLD_START + (day + 1) * DAY + hour * HOUR) * 1_000;
    this.#world.schedule.after(at - this.#world.schedule.now, () => undefined);
    await runOut(this.#world);
  }

  /** Does one thing, to its end; what came of it, in words. */
  async #do(deed: Deed): Promise<string> {
    this.#world.enact(deed, []);
    await runOut(this.#world);
    return this.#world.history.at(-1)?.outcome ?? 'under way';
  }
}
