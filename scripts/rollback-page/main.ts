/** Writes the page of what stops a rollback (`npm run rollback`): carries it out with each layer on and off. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { restoreSnapshots, rollbackPage } from '@tallystick/cli/rollback';
import { walkEverySet } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'tallystick-rollback-'));
// An element that runs as a user of its own must reach its place.
chmodSync(folder, 0o755);
const setVariable = (name: string, value: string): void => {
  process.env[name] = value;
};
const restored = await restoreSnapshots({
  folder,
  setVariable,
  begin: (what) => console.log(what),
});
rmSync(folder, { recursive: true, force: true });
const run = { restored, street: walkEverySet() };
const docs = new URL('../../docs/', import.meta.url);
writeFileSync(new URL('rollback.json', docs), `${JSON.stringify(run, null, 2)}\n`);
writeFileSync(new URL('rollback.md', docs), rollbackPage(run));
console.log(`docs/rollback.{json,md}: ${run.street.length} sets of layers`);
