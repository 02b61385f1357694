import type { Run } from './run.ts';
import type { Round } from './world/round.ts';

/** What the blows against one kind of victim did. */
export interface Row {
  readonly victim: string;
  readonly rounds: number;
  readonly requestsCut: number;
  readonly operationsCut: number;
  readonly tapsTorn: number;
  readonly recovered_ms_median: number;
  readonly recovered_ms_max: number;
}

export function rowsOf(rounds: readonly Round[]): Row[] {
  const byVictim = new Map<string, Round[]>();
  for (const round of rounds) {
    const name = round.victims.join(' + ');
    byVictim.set(name, [...(byVictim.get(name) ?? []), round]);
  }
  return [...byVictim].map(([victim, of]) => rowOf(victim, of)).concat(rowOf('all', rounds));
}

function rowOf(victim: string, rounds: readonly Round[]): Row {
  const times = rounds.map(({ recoveredMs }) => recoveredMs).sort((a, b) => a - b);
  const sum = (of: (round: Round) => number): number =>
    rounds.reduce((total, round) => total + of(round), 0);
  return {
    victim,
    rounds: rounds.length,
    requestsCut: sum(({ requestsCut }) => requestsCut),
    operationsCut: sum(({ operationsCut }) => operationsCut),
    tapsTorn: sum(({ tapsTorn }) => tapsTorn),
    recovered_ms_median: times[Math.floor(times.length / 2)] ?? 0,
    recovered_ms_max: times.at(-1) ?? 0,
  };
}

const COLUMNS: readonly (readonly [keyof Row, string])[] = [
  ['victim', 'killed'],
  ['rounds', 'rounds'],
  ['requestsCut', 'requests cut'],
  ['operationsCut', 'operations cut'],
  ['tapsTorn', 'taps torn'],
  ['recovered_ms_median', 'recovered, median'],
  ['recovered_ms_max', 'max ms'],
];

export function inWords(run: Run): string {
  const cells = [
    COLUMNS.map(([, title]) => title),
    ...rowsOf(run.rounds).map((row) => COLUMNS.map(([name]) => String(row[name]))),
  ];
  const widths = COLUMNS.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  const table = cells.map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
  return [
    ...table,
    '',
    `${run.answers} answers asked for again, each the same; ${run.acknowledged} acknowledged ` +
      'entries, none missing',
    `${run.loads} loads and ${run.unloads} unloads, each there once; ${run.culprits} double ` +
      'spenders convicted',
    `The audit agreed after every round; ${run.left} minor units were left after all redeemed.`,
  ].join('\n');
}
