import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Guard, markersIn } from './marker.ts';
import { GUARDS } from './guards.ts';
import { type Mutant, without } from './remove.ts';

/** The repository. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

export function readSource(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}

/** Every guard that the sources of the packages name, in the order of the rules. */
export function allGuards(): Guard[] {
  const paths = globSync('packages/*/src/**/*.ts', { cwd: ROOT }).filter(
    (path) => !/\.test\.ts$|\/testing\//.test(path),
  );
  const guards = paths.sort().flatMap((path) => markersIn(path, readSource(path)));
  return guards.sort((a, b) => order(a) - order(b));
}

/** Promises come after the rules. */
function order({ rule }: Guard): number {
  return Number(/^rule (\d+)$/.exec(rule)?.[1] ?? Number.MAX_SAFE_INTEGER);
}

/** The guard of a name. Throws where there is none. */
export function guardNamed(name: string): Guard {
  const guard = allGuards().find((each) => each.name === name);
  if (guard === undefined) throw new Error(`no guard is called ${name}`);
  return guard;
}

/** The file of a guard as it would be without it. */
export function mutantOf(guard: Guard): Mutant {
  return without(readSource(guard.path), guard, GUARDS[guard.name]?.becomes);
}
