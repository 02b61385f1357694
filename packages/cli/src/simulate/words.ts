import type { FaultCounts } from '@tallystick/simulator';
import { currencyOf, formatAmount } from '@tallystick/protocol';
import type { WorldOutput } from './run.ts';

/** What `simulate --seeds --json` prints: sums over all worlds, and every violation. */
export interface Sweep {
  readonly ok: boolean;
  readonly worlds: number;
  readonly passed: number;
  readonly firstSeed: string;
  readonly lastSeed: string;
  /** Of each world, before its calm. */
  readonly steps: number;
  readonly payments: {
    readonly made: number;
    readonly accepted: number;
    readonly restored: number;
  };
  readonly syncs: number;
  readonly witnesses: WorldOutput['witnesses'];
  readonly checks: number;
  readonly culprits: number;
  readonly faults: FaultCounts;
  readonly violations: readonly {
    readonly seed: string;
    readonly step: number;
    readonly invariant: string;
    readonly detail: string;
    readonly replay: string;
    /** How it came to that, one sentence each. */
    readonly story: readonly string[];
  }[];
}

/** Adds up the worlds of a sweep; there is at least one. */
export function sweepOf(worlds: readonly WorldOutput[], steps: number): Sweep {
  const [first] = worlds;
  const last = worlds.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a sweep without a world');
  const sum = (of: (world: WorldOutput) => number): number =>
    worlds.reduce((total, world) => total + of(world), 0);
  return {
    ok: worlds.every(({ ok }) => ok),
    worlds: worlds.length,
    passed: worlds.filter(({ ok }) => ok).length,
    firstSeed: first.seed,
    lastSeed: last.seed,
    steps,
    payments: {
      made: sum(({ payments }) => payments.made),
      accepted: sum(({ payments }) => payments.accepted),
      restored: sum(({ payments }) => payments.restored),
    },
    syncs: sum(({ syncs }) => syncs),
    witnesses: {
      sets: sum(({ witnesses }) => witnesses.sets),
      asked: sum(({ witnesses }) => witnesses.asked),
      shown: sum(({ witnesses }) => witnesses.shown),
    },
    checks: sum(({ checks }) => checks),
    culprits: sum(({ backend }) => backend.culprits.length),
    faults: sumFaults(worlds.map(({ faults }) => faults)),
    violations: worlds.flatMap(({ seed, violations, replay, story }) =>
      violations.map((violation) => ({ seed, ...violation, replay, story })),
    ),
  };
}

function sumFaults(all: readonly FaultCounts[]): FaultCounts {
  const [first, ...rest] = all;
  if (first === undefined) throw new RangeError('a sweep without a world');
  const total: FaultCounts = { ...first };
  for (const faults of rest) {
    for (const name of Object.keys(total) as (keyof FaultCounts)[]) total[name] += faults[name];
  }
  return total;
}

/** One world, for a person. */
export function worldText(world: WorldOutput): string {
  const { payments, loads, unloads, backend, truth, violations } = world;
  const days = Math.round(world.simulatedSeconds / 8_640) / 10;
  return [
    `World of seed ${world.seed}: ${world.steps} steps with faults, ${world.calmSteps} of calm, ${days} days`,
    `  ${world.wallets} wallets, ${world.terminals} terminals, ${world.attackers} attackers`,
    `  ${payments.made} payments (${payments.accepted} accepted, ${payments.restored} taken back), ` +
      `up to ${payments.highestHop} hops`,
    `  ${loads.count} loads, ${unloads.count} unloads, ${world.syncs} syncs`,
    witnessText(world.witnesses),
    ...faultsText(world.faults),
    `  in the devices: ${money(truth.balances)}, of it counterfeit ${money(truth.counterfeit)}`,
    `  in the books: reserve ${money(backend.reserve)} + loss ${money(backend.loss)} ` +
      `${backend.balanced ? '=' : '≠'} balances ${money(backend.balances)} + in flight ${money(backend.inFlight)}`,
    `  ${backend.culprits.length} culprits proven; ledger ${backend.ledgerHash}`,
    `  ${world.checks} checks, ${violations.length} violations`,
    ...violations.map(
      ({ step, invariant, detail }) => `  VIOLATED  step ${step}: ${invariant}, ${detail}`,
    ),
    ...storyText(world.story),
  ].join('\n');
}

/** How it came about, for a person. */
function storyText(story: readonly string[]): string[] {
  if (story.length === 0) return [];
  return ['  How it came about:', ...story.map((line) => `    ${line}`)];
}

/** A sweep, for a person. */
export function sweepText(sweep: Sweep): string {
  const { payments, violations } = sweep;
  const [first] = violations;
  return [
    `${sweep.worlds} worlds, seeds ${sweep.firstSeed} to ${sweep.lastSeed}, ${sweep.steps} steps each`,
    `  ${payments.made} payments (${payments.accepted} accepted, ${payments.restored} taken back), ` +
      `${sweep.syncs} syncs, ${sweep.culprits} culprits proven`,
    witnessText(sweep.witnesses),
    ...faultsText(sweep.faults),
    `  ${sweep.checks} checks, ${violations.length} violations in ${sweep.worlds - sweep.passed} worlds`,
    ...(first === undefined ? [] : storyText(first.story)),
  ].join('\n');
}

function witnessText({ sets, asked, shown }: WorldOutput['witnesses']): string {
  return `  ${sets} sets of witnesses told, ${asked} payments asked for, ${shown} shown`;
}

const FAULTS_A_LINE = 5;

/** `messagesLost: 3` as `3 messages lost`, a few to a line. */
function faultsText(faults: FaultCounts): string[] {
  const words = Object.entries(faults).map(
    ([name, count]) =>
      `${count} ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
  );
  const lines: string[] = [];
  for (let at = 0; at < words.length; at += FAULTS_A_LINE) {
    const label = at === 0 ? 'faults: ' : '        ';
    lines.push(`  ${label}${words.slice(at, at + FAULTS_A_LINE).join(', ')}`);
  }
  return lines;
}

/** The simulated scheme's currency is the euro. */
function money(amount: string): string {
  const euro = currencyOf('EUR');
  return euro.ok ? formatAmount(BigInt(amount), euro.value) : amount;
}
