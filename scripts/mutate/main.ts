/**
 * `npm run mutate`: removes one guard at a time, and shows that a simulated world or a test finds the
 * hole. The whole code must pass the same finders first. `--guard NAME` (more than once) takes only
 * these, `--list` lists them, `--write` puts the table into docs/guards.md. Ends with 1 when a guard
 * can be removed and nobody notices.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { find, findByTests } from './find.ts';
import { GUARDS, type Known } from './guards.ts';
import { allGuards, mutantOf, ROOT } from './sources.ts';
import { type Row, table } from './table.ts';

const { values } = parseArgs({
  options: {
    guard: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
if (values.write && values.guard.length > 0) throw new Error('the page has all guards, or none');
const every = allGuards();
const unknown = values.guard.filter((name) => every.every((guard) => guard.name !== name));
if (unknown.length > 0) throw new Error(`no such guard: ${unknown.join(', ')}`);
const chosen = every.filter(({ name }) => values.guard.length === 0 || values.guard.includes(name));

function knownOf(name: string): Known {
  const known = GUARDS[name];
  if (known === undefined) throw new Error(`nobody is named in guards.ts who finds ${name}`);
  return known;
}

/** What the finders find in the code as it is: nothing, or they prove nothing. */
function checkWhole(): void {
  const finders = chosen.map(({ name }) => knownOf(name).finder);
  const files = finders.flatMap((finder) => (finder.by === 'tests' ? finder.file : []));
  const seeds = finders.flatMap((finder) => (finder.by === 'worlds' ? [finder] : []));
  const [from, to] = [
    Math.min(...seeds.map((each) => each.from)),
    Math.max(...seeds.map((each) => each.to)),
  ];
  const found = [
    files.length === 0 ? null : findByTests([...new Set(files)], null),
    seeds.length === 0 ? null : find({ by: 'worlds', from, to }, null),
  ].filter((each) => each !== null);
  if (found.length > 0) throw new Error(`the whole code does not pass: ${found.join('; ')}`);
}

function rowsOf(): Row[] {
  return chosen.map((guard) => {
    const { finder } = knownOf(guard.name);
    const startedMs = performance.now();
    const found = find(finder, guard.name);
    const seconds = (performance.now() - startedMs) / 1_000;
    const verdict = found === null ? 'NOBODY NOTICES' : `${finder.by}: ${found}`;
    console.log(`${guard.name} (${guard.rule}) ${guard.path} ${verdict} (${seconds.toFixed(1)} s)`);
    return { guard, how: mutantOf(guard).how, by: finder.by, found, seconds };
  });
}

if (values.list) {
  for (const { name, rule, path, line } of chosen) console.log(`${name} (${rule}) ${path}:${line}`);
} else {
  checkWhole();
  const rows = rowsOf();
  const survivors = rows.filter(({ found }) => found === null);
  if (values.write) writeFileSync(`${ROOT}docs/guards.md`, table(rows));
  console.log(`${rows.length} guards, ${survivors.length} that can go and nobody notices`);
  process.exitCode = survivors.length === 0 ? 0 : 1;
}
