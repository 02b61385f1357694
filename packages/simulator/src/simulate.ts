import type { SignatureCheck } from '@tallystick/protocol';
import { auditBackend, auditEnd, auditStep, namedCulprits } from './auditor.ts';
import { comeHome, enrolAll } from './calm.ts';
import { DEFAULT_RATES, type FaultRates } from './faults.ts';
import { live } from './habits.ts';
import type { Report } from './report.ts';
import { WORLD_START } from './scheme.ts';
import { World } from './world.ts';

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
  /** Told how many steps are done, now and then. */
  readonly onProgress?: (step: number) => void;
}

/** Steps that the calm may take at most: a world that never comes to rest is a fault of its own. */
const CALM_STEPS_MAX = 2_000_000;
/** The backend's books are looked at once in so many steps, and at the end. */
const BACKEND_AUDIT_EVERY = 25;
const PROGRESS_EVERY = 500;

/**
 * Runs one world from one seed: the same options give the same report, byte for byte. Stops at the
 * first violation.
 */
export async function simulate(options: SimulationOptions): Promise<Report> {
  const { seed, steps, wallets = 6, terminals = 2, attackers = 2, verify, onProgress } = options;
  const rates = { ...DEFAULT_RATES, ...options.rates };
  const world = await World.create({ seed, wallets, terminals, attackers, rates, verify });
  enrolAll(world);
  for (const agent of world.agents) live(world, agent);
  while (world.step < steps && (await advance(world))) {
    if (world.step % PROGRESS_EVERY === 0) onProgress?.(world.step);
  }
  const before = world.step;
  if (world.violations.length === 0) {
    await comeHome(world, async () => {
      await settle();
      while (
        world.schedule.pending > 0 &&
        world.violations.length === 0 &&
        world.step < before + CALM_STEPS_MAX
      ) {
        await advance(world);
      }
    });
    await auditStep(world);
    await auditEnd(world);
  }
  return report(world, options, before);
}

/** One step: the next scheduled event, everything it sets in motion at once, and the audit. */
export async function advance(world: World): Promise<boolean> {
  if (world.violations.length > 0 || !world.schedule.next()) return false;
  world.step++;
  await settle();
  await auditStep(world);
  if (world.step % BACKEND_AUDIT_EVERY === 0) await auditBackend(world);
  return world.violations.length === 0;
}

/** Lets everything that waits for no event run to its end: a turn of the event loop follows all of it. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
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
