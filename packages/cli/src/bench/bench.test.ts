import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../testing/command.ts';
import { assertSchema } from '../testing/schema.ts';
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
  test('measures messages, computing and settling, and leaves nothing behind', async () => {
    const leftBefore = leftovers();
    const run = await runProgram(['bench', '--quick', '--json']);
    expect([run.code, run.stderr]).toEqual([0, '']);
    const rows = JSON.parse(run.stdout) as Row[];
    assertSchema('bench', rows);
    const named = new Map(rows.map((each) => [each.name, each]));
    // The design's bounds hold whatever the machine: these are bytes, not times.
    for (const name of ['size/payment-frame', 'size/payment-frame-known', 'size/offer-frame']) {
      expect(named.get(name)?.ratio).toBeLessThanOrEqual(1);
    }
    expect([...named.keys()]).toEqual(
      expect.arrayContaining([
        'size/request',
        'size/certificate',
        'size/payment',
        'size/receipt',
        'size/void',
        'size/statement',
        'size/answer',
        'compute/payer/native',
        'compute/payee/native',
        'compute/payer/js',
        'compute/payee/js',
        'verify/all-cores',
        'settle/payees-first',
        'settle/payers-first',
      ]),
    );
    expect(rows.every(({ value }) => value > 0)).toBe(true);
    expect(leftovers()).toEqual(leftBefore);
  });
});

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('tallystick-bench-'));
}
