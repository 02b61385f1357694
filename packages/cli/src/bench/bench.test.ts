import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../testing/command.ts';
import { assertSchema } from '../testing/schema.ts';
import { ROW_NAMES } from './groups.ts';
import { type Row, row, table } from './row.ts';

describe('a row', () => {
  test('has its ratio, and no more digits than mean something', () => {
    expect(row('size/x', 147, 'B', 160)).toEqual({
      name: 'size/x',
      value: 147,
      unit: 'B',
      limit: 160,
      ratio: 0.919,
    });
    expect(row('settle/x', 12_345.678, 'payments/s', null)).toMatchObject({
      value: 12_346,
      limit: null,
      ratio: null,
    });
  });

  test('lines up with others', () => {
    const rows = [row('a', 1, 'B', 300), row('longer/name', 1_234, 'us', null)];
    expect(table(rows).split('\n')).toEqual([
      'name         value  unit  limit    ratio',
      'a                1  B       300  0.00333',
      'longer/name   1234  us',
    ]);
  });
});

describe('bench', () => {
  test('measures every row, and leaves nothing behind', async () => {
    const leftBefore = leftovers();
    const run = await runProgram(['bench', '--quick', '--json']);
    expect([run.code, run.stderr]).toEqual([0, '']);
    const rows = JSON.parse(run.stdout) as Row[];
    assertSchema('bench', rows);
    expect(rows.map(({ name }) => name)).toEqual(ROW_NAMES);
    const named = new Map(rows.map((each) => [each.name, each]));
    // The design's bounds hold whatever the machine: these are bytes, not times.
    for (const name of ['size/payment-frame', 'size/payment-frame-known', 'size/offer-frame']) {
      expect(named.get(name)?.ratio).toBeLessThanOrEqual(1);
    }
    // No encoding beats the entropy, and that of the sets comes close.
    const lists = rows.filter(({ name }) => name.startsWith('list/'));
    expect(lists.filter(({ ratio }) => ratio === null || ratio < 1)).toEqual([]);
    const sets = lists.filter(({ name }) => name.includes('/set-'));
    expect(sets.filter(({ ratio }) => ratio === null || ratio > 1.02)).toEqual([]);
    // Growth of the heap can be too little to be seen; everything else is something.
    const seen = rows.filter(({ name }) => !name.startsWith('memory/backend/heap'));
    expect(seen.filter(({ value }) => value <= 0)).toEqual([]);
    expect(leftovers()).toEqual(leftBefore);
  }, 180_000);

  test('measures only what is asked for', async () => {
    const run = await runProgram([
      'bench',
      '--quick',
      '--json',
      '--only',
      'list/hundred-million/s',
    ]);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect((JSON.parse(run.stdout) as Row[]).map(({ name }) => name)).toEqual([
      'list/hundred-million/set-newest-100',
      'list/hundred-million/set-all',
    ]);
  });

  test('names the groups when nothing starts as asked', async () => {
    const run = await runProgram(['bench', '--only', 'speed']);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^tallystick bench: --only "speed" .* the groups are size, compute/);
  });
});

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('tallystick-bench-'));
}
