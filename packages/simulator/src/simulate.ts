import type { SignatureCheck } from '@tallystick/protocol';
import { advance, finish } from './advance.ts';
import { namedCulprits } from './auditor.ts';
import { DEFAULT_RATES, type FaultRates } from './faults.ts';
import { joinAll, live } from './habits.ts';
import type { Report } from './report.ts';
import { WORLD_START } from './scheme.ts';
import { World, type WorldOptions } from './world.ts';

export interface SimulationOptions {
  readonly seed: string;
  /** Scheduled events to run with faults; the calm at the end comes on top. */
  readonly steps: number;
  readonly wallets?: number;
  readonly terminals?: number;
  readonly attackers?: number;
  readonly rates?: Partial<FaultRates>;
  /** Verifies signatures: native where there is such, else plain JavaScript. */
  readonly verify: (check: SignatureCheck) => boolean;
  /** Signs deterministically (RFC 6979); plain JavaScript where nothing is said. */
  readonly sign?: WorldOptions['sign'];
  /** The trusted application of every device; the real one where nothing is said. */
  readonly step?: WorldOptions['step'];
  /** Verdicts that the whole world remembers; only how fast it runs depends on it. */
  readonly verdictsMax?: number;
  /** Whether devices that meet compare what they have seen; they do unless this is false. */
  readonly witnesses?: boolean;
  /** Told how many steps are done, now and then. */
  readonly onProgress?: (step: number) => void;
}

const PROGRESS_EVERY = 500;

/**
 * Runs one world from one seed: the same options give the same report, byte for byte. Stops at the
 * first violation.
 */
export async function simulate(options: SimulationOptions): Promise<Report> {
  const { world, steps } = await runWorld(options);
  return report(world, options, steps);
}

/** As {@link simulate}; the world itself, and how many steps it took before the calm. */
export async function runWorld(
  options: SimulationOptions,
): Promise<{ readonly world: World; readonly steps: number }> {
  const { steps, onProgress } = options;
  const world = await World.create(worldOptions(options));
  joinAll(world);
  for (const agent of world.agents) live(world, agent);
  world.onBirth = (agent) => live(world, agent);
  while (world.step < steps && (await advance(world))) {
    if (world.step % PROGRESS_EVERY === 0) onProgress?.(world.step);
  }
  const before = world.step;
  await finish(world);
  return { world, steps: before };
}

/** The same in full: who is there, and what may befall them. */
export function worldOptions(options: SimulationOptions): WorldOptions {
  const { seed, wallets = 6, terminals = 2, attackers = 2, rates, verify } = options;
  const { sign, step, verdictsMax, witnesses } = options;
  return {
    seed,
    wallets,
    terminals,
    attackers,
    rates: { ...DEFAULT_RATES, ...rates },
    verify,
    ...(sign === undefined ? {} : { sign }),
    ...(step === undefined ? {} : { step }),
    ...(verdictsMax === undefined ? {} : { verdictsMax }),
    ...(witnesses === undefined ? {} : { witnesses }),
  };
}

async function report(world: World, options: SimulationOptions, steps: number): Promise<Report> {
  const { truth, office, counts } = world;
  const all = [...truth.payments.values()];
  const payments = all.filter(({ payer, isUnload }) => payer !== null && !isUnload);
  const loads = all.filter(({ payer }) => payer === null);
  const unloads = all.filter(({ isUnload }) => isUnload);
  const total = (of: typeof all): string =>
    of.reduce((sum, { amount }) => sum + amount, 0n).toString();
  const totals = truth.totals();
  const scheme = (await office.backend.supply()).find(({ participant }) => participant === null);
  const roles = (role: string): number =>
    world.agents.filter((agent) => agent.role === role).length;
  return {
    seed: options.seed,
    steps,
    calmSteps: world.step - steps,
    simulatedSeconds: world.schedule.nowSeconds - WORLD_START,
    wallets: roles('wallet'),
    terminals: roles('terminal'),
    attackers: roles('attacker'),
    payments: {
      made: payments.length,
      accepted: payments.filter(({ acceptedBy }) => acceptedBy.size > 0).length,
      restored: payments.filter(({ restored }) => restored > 0).length,
      highestHop: payments.reduce((highest, { hop }) => Math.max(highest, hop), 0),
      total: total(payments),
    },
    loads: { count: loads.length, total: total(loads) },
    unloads: { count: unloads.length, total: total(unloads) },
    syncs: world.syncs,
    witnesses: world.witnessed,
    faults: counts,
    refusals: Object.fromEntries([...world.refusals].sort(([a], [b]) => (a < b ? -1 : 1))),
    truth: {
      issued: totals.issued.toString(),
      inFlight: totals.inFlight.toString(),
      counterfeit: totals.counterfeit.toString(),
      balances: totals.balances.toString(),
    },
    backend: {
      reserve: (scheme?.reserve ?? 0n).toString(),
      loss: (scheme?.loss ?? 0n).toString(),
      balances: (scheme?.balances ?? 0n).toString(),
      inFlight: (scheme?.inFlight ?? 0n).toString(),
      balanced: scheme?.balanced ?? true,
      culprits: [...(await namedCulprits(world))].sort(),
      ledgerHash: await office.backend.ledgerHash(),
    },
    checks: world.checks,
    violations: world.violations,
  };
}
