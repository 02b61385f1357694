import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CASES } from './cases/index.ts';
import { type CaseVerdict, play } from './play.ts';
import { faultTable } from './testing/fault-table.ts';
import { FAULTS } from './testing/faulty/faults.ts';

const FAULTY = fileURLToPath(new URL('./testing/faulty/main.ts', import.meta.url));
/** The one that never answers; any other may take its time on a busy machine. */
const HANGS = 'hangs-on-voids';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystick-faults-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function playOn(fault: string, ids: readonly string[]): Promise<CaseVerdict[]> {
  return play(
    CASES.filter(({ id }) => ids.includes(id)),
    {
      command: [process.execPath, FAULTY, fault, join(folder, 'compiled')],
      workingFolder: folder,
      answerMs: fault === HANGS ? 4_000 : 60_000,
      folder: join(folder, fault),
      beforeCase: () => undefined,
    },
  );
}

test.each(FAULTS)('a wallet that $name is caught', async ({ name, caughtBy }) => {
  const verdicts = await playOn(name, caughtBy);
  expect(verdicts.map(({ id, verdict }) => `${id} ${verdict}`).toSorted()).toEqual(
    caughtBy.map((id) => `${id} FAIL`).toSorted(),
  );
  for (const { failure } of verdicts) {
    expect(failure?.transcript.length).toBeGreaterThan(0);
    expect(failure?.seen.startsWith('TIMEOUT')).toBe(name === HANGS);
  }
});

test('faults are of many kinds, each told by its own name', () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  expect(FAULTS.length).toBeGreaterThan(30);
  const known = new Set(CASES.map(({ id }) => id));
  expect(FAULTS.flatMap(({ caughtBy }) => caughtBy).filter((id) => !known.has(id))).toEqual([]);
});

test('the table of faults is as the code has it', () => {
  const text = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
  const table = /<!-- faults -->\n\n?([^]*?)\n?<!-- end -->/.exec(text)?.[1];
  expect(table?.trim()).toBe(faultTable());
});
