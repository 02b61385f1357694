/**
 * Writes the page of attacks (`npm run attacks`): carries them out first, or takes the output of
 * `tallystick attack --json` as a file.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { attackPage, type KeptRow } from '@tallystick/cli/attacks';

const root = new URL('../../', import.meta.url);
const [file] = process.argv.slice(2);
const rows = JSON.parse(file === undefined ? carryOut() : readFileSync(file, 'utf8')) as KeptRow[];
// What was found is kept; hashes are other ones in each run.
const kept: KeptRow[] = rows.map((row) => {
  const { ran, refusal, remark } = row.evidence;
  return { ...row, evidence: { ran, refusal, remark } };
});
writeFileSync(new URL('docs/attacks.json', root), `${JSON.stringify(kept, null, 2)}\n`);
writeFileSync(new URL('docs/attacks.md', root), attackPage(kept));
console.log(`docs/attacks.{json,md}: ${rows.length} rows`);

/** Carries all of them out; its progress shows on the terminal. */
function carryOut(): string {
  const program = new URL('packages/cli/src/main.ts', root).pathname;
  const { status, stdout } = spawnSync(process.execPath, [program, 'attack', '--json'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(1);
  return stdout;
}
