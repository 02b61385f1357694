import { type Call, printJson } from '../command/command.ts';
import { usageFailure } from '../command/failure.ts';
import { demandGoingOn } from '../command/stopping.ts';
import { measureGroup } from './group.ts';
import { GROUPS, ROW_NAMES } from './groups.ts';
import { withLab } from './lab.ts';
import { type Row, table } from './row.ts';
import { FULL, QUICK, type Scale } from './scale.ts';

const PURSES_MAX = 10_000_000;

/** Measures what was asked for and prints the rows. */
export async function runBench(call: Call): Promise<number> {
  const { runtime, progress, json } = call;
  const prefix = prefixOf(call);
  const stop = runtime.stopSignal();
  const begin = (what: string): void => {
    demandGoingOn(stop);
    progress.say(what);
  };
  const { elapsedMs, setVariable } = runtime;
  const scale = scaleOf(call);
  const clock = (): number => Math.floor(runtime.nowMs() / 1000);
  const rows = await withLab({ scale, elapsedMs, begin, clock, setVariable }, async (lab) => {
    const measured: Row[] = [];
    for (const group of GROUPS) measured.push(...(await measureGroup(group, prefix, lab)));
    return measured;
  });
  progress.clear();
  if (json) printJson(runtime, rows);
  else runtime.writeOut(`${table(rows)}\n`);
  return 0;
}

/** The usual scale, or its settled ledgers as large as somebody wants them. */
function scaleOf({ values }: Call): Scale {
  const scale = values.isSet('quick') ? QUICK : FULL;
  return {
    ...scale,
    purses: values.integer('purses', { min: 1, max: PURSES_MAX }, scale.purses),
    idlePurses: values.integer('idle', { min: 0, max: PURSES_MAX }, scale.idlePurses),
  };
}

/** What the names of the rows asked for start with; all do with nothing. */
function prefixOf({ values }: Call): string {
  const prefix = values.text('only') ?? '';
  if (ROW_NAMES.some((name) => name.startsWith(prefix))) return prefix;
  const groups = GROUPS.map(({ name }) => name).join(', ');
  throw usageFailure(`--only "${prefix}" is how no row starts; the groups are ${groups}`);
}
