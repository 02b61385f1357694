import { spawnSync } from 'node:child_process';
import { EVERY_SET, type StreetRow } from '@tallystick/cli/rollback';

const ROOT = new URL('../../', import.meta.url);
const HOOK = new URL('scripts/mutate/hook.ts?guard=one-numbering', ROOT);
const WALK = new URL('scripts/rollback-page/walk.ts', ROOT);

/** The street with every set of layers, each half in a process of its own: one of them lacks a guard. */
export function walkEverySet(): readonly StreetRow[] {
  const rows = [...walk('on', []), ...walk('off', ['--import', HOOK.href])];
  return EVERY_SET.map((set) => {
    const row = rows.find(
      (each) =>
        each.counter === set.counter &&
        each.epoch === set.epoch &&
        each.witnesses === set.witnesses &&
        each.log === set.log,
    );
    if (row === undefined) throw new Error(`nobody walked with ${JSON.stringify(set)}`);
    return row;
  });
}

function walk(log: 'on' | 'off', options: readonly string[]): StreetRow[] {
  const args = ['--no-warnings', ...options, WALK.pathname, log];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the street with the log ${log} was not walked: ${stderr}`);
  return JSON.parse(stdout) as StreetRow[];
}
