import { runInNewContext } from 'node:vm';
import { decodeCbor, encodeCbor } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { instrument } from './instrument.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateCbor } from './mutate-cbor.ts';
import { Random } from './random.ts';
import { shrink } from './shrink.ts';

/** What a piece of JavaScript gives with counters in it, and how often each place was passed. */
function counted(source: string): { value: unknown; counts: number[] } {
  const counts: number[] = [];
  const text = instrument(source, 'counts', () => counts.push(0) - 1);
  const value: unknown = runInNewContext(`${text}; main()`, { counts });
  return { value, counts };
}

describe('counters', () => {
  test.each([
    ['function main() { return 1; }', 1, [1]],
    ['const f = (x) => ({ a: x }); function main() { return f(2).a; }', 2, [1, 1]],
    ['function main() { if (true) return 1; else return 2; }', 1, [1, 1, 0]],
    ['function main() { return false ? 1 : true && 3; }', 3, [1, 0, 1, 1]],
    ['function main() { let n = 0; for (const x of [1, 2]) n += x; return n; }', 3, [1, 2]],
    ['function main() { switch (2) { case 1: return 1; case 2: return 5; } }', 5, [1, 0, 1]],
    ['function main() { let n = 3; while (n > 0) n--; return n ?? 4; }', 0, [1, 3, 0]],
    ['function main() { if (1) { } else if (2) ; return null || "x"; }', 'x', [1, 1, 0, 0, 1]],
  ])('leave the meaning of %s as it is', (source, value, counts) => {
    expect(counted(source)).toEqual({ value, counts });
  });

  test('leave every line where it was', () => {
    const source = 'function main() {\n  if (1)\n    return 2;\n}\n';
    const text = instrument(source, 'counts', () => 0);
    expect(text.split('\n')).toHaveLength(source.split('\n').length);
  });
});

describe('mutations', () => {
  const message = encodeCbor([1, new Map([[4, new Uint8Array(8)]]), encodeCbor([2, 'a', null])]);
  const donor = encodeCbor([7, [8, true]]);

  test('are the same for the same seed', () => {
    const run = (): Uint8Array[] => {
      const random = new Random(3);
      return Array.from({ length: 50 }, () => mutateBytes(message, donor, random));
    };
    expect(run()).toEqual(run());
    expect(new Set(run().map(String)).size).toBeGreaterThan(30);
  });

  test('of the tree stay canonical, and reach what is embedded', () => {
    const random = new Random(4);
    let embedded = 0;
    for (let turn = 0; turn < 500; turn++) {
      const item = decodeCbor(mutateCbor(message, donor, random), 1 << 20);
      if (!Array.isArray(item) || !(item[2] instanceof Uint8Array)) continue;
      const inner = item[2];
      if (inner.length > 1 && String(inner) !== String(encodeCbor([2, 'a', null]))) embedded++;
    }
    expect(embedded).toBeGreaterThan(20);
  });

  test('shrink to what still fails', async () => {
    const input = Uint8Array.from({ length: 200 }, (_, index) => index);
    const small = await shrink(input, async (candidate) => candidate.includes(77));
    expect([...small]).toEqual([77]);
  });
});
