import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whyNoReaders } from '@tallystick/tre/smartcard';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHere, runProgram } from '../testing/command.ts';
import { assertSchema } from '../testing/schema.ts';
import { demandEvidence } from './attack.ts';
import { finding } from './attempt.ts';
import { GALLERY } from './gallery.ts';
import { attackPage, type KeptRow } from './page.ts';
import type { Row } from './play.ts';

const docs = new URL('../../../../docs/', import.meta.url);
const kept = JSON.parse(readFileSync(new URL('attacks.json', docs), 'utf8')) as KeptRow[];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystick-try-attack-'));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const told = ({ attack, environment, outcome, evidence }: KeptRow): string =>
  `${attack} · ${environment}: ${outcome} ${evidence.refusal ?? ''}`.trim();

const isLacking = !existsSync('/usr/bin/swtpm') || whyNoReaders() !== null;

describe('the gallery of attacks', () => {
  test.skipIf(isLacking && process.env.CI !== 'true')(
    'comes out as the documents say, each attack carried out against each environment',
    async () => {
      const run = await runProgram(['attack', '--json'], { folder });
      expect([run.code, run.stderr]).toEqual([0, '']);
      const rows = JSON.parse(run.stdout) as Row[];
      assertSchema('attack', rows);
      expect(rows.map(told)).toEqual(kept.map(told));
      for (const row of rows) expect(() => demandEvidence(row)).not.toThrow();
    },
    900_000,
  );

  test('has forty attacks or more, of every group, each under one name with a reference', () => {
    const names = GALLERY.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(40);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(GALLERY.map(({ group }) => group)).size).toBe(5);
    expect(new Set(GALLERY.map(({ attacker }) => attacker)).size).toBe(4);
  });

  test('shows the baseline lose to most attacks on what it keeps', () => {
    const own = kept.filter(
      ({ environment, group }) => environment === 'plain' && group === 'state',
    );
    const lost = own.filter(({ outcome }) => outcome === 'succeeded');
    expect(lost.length).toBeGreaterThan(own.length / 2);
  });

  test('is on the page as it was found', () => {
    expect(readFileSync(new URL('attacks.md', docs), 'utf8')).toBe(attackPage(kept));
  });

  test.each([
    ['nothing was done', finding('prevented', { ran: '', refusal: 'TAMPERED' }), 'no evidence'],
    ['nothing refused it', finding('prevented', { ran: 'it' }), 'nothing refused it'],
    [
      'something changed',
      finding('prevented', { ran: 'it', before: 'a', after: 'b' }),
      'something changed',
    ],
    ['nobody knows how much', finding('bounded', { ran: 'it' }), 'how much'],
    ['nobody knows when', finding('detected', { ran: 'it' }), 'when'],
  ])('takes no finding where %s', (_, found, says) => {
    expect(() => demandEvidence(found)).toThrow(says);
  });

  test('names its attacks, and what there is where somebody asks for another', async () => {
    const list = await runHere(['attack', '--list', '--json'], { folder });
    assertSchema('attack', JSON.parse(list.stdout));
    expect((await runHere(['attack', '--list'], { folder })).stdout).toContain('snapshot rollback');
    for (const [wrong, says] of [
      [['--only', 'nothing'], 'no attack is called "nothing"'],
      [['--tre', 'nowhere'], 'there is no environment "nowhere" here'],
    ] as const) {
      const run = await runHere(['attack', ...wrong], { folder });
      expect([run.code, run.stdout]).toEqual([2, '']);
      expect(run.stderr).toContain(says);
    }
  });
});
