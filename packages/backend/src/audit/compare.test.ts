import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import { readBooks } from './books.ts';
import { compareHalves } from './compare.ts';
import type { PaymentFindings } from './findings.ts';
import { ruleOn } from './rulings.ts';
import { shardsOf } from './shards.ts';
import { paidHistory } from './testing/paid.ts';
import { hearFacts } from './testimony.ts';

/** The same rows, whose readings are counted. */
function counted<T>(rows: readonly T[]): {
  readonly rows: readonly T[];
  readonly reads: () => number;
} {
  let reads = 0;
  const get = (target: readonly T[], name: string | symbol): unknown => {
    if (typeof name === 'string' && /^\d+$/.test(name)) reads += 1;
    return Reflect.get(target, name);
  };
  return { rows: new Proxy(rows, { get }), reads: () => reads };
}

test('payments under way, of which there are many, do not each read every half', async () => {
  const { world, payee, handed } = await paidHistory(createMemoryStore());
  const { verifyMany } = world.context;
  const differences = await world.store.view(async (view) => {
    const { books, meet } = await readBooks(view);
    const { reports } = view;
    const hearing = { reports, books, meet, verifyMany, rowsAtOnce: 5_000, heard: () => undefined };
    const testimony = await hearFacts(hearing);
    const found = testimony.payments.get(handed.id);
    if (found === undefined) throw new Error('there is no payment');
    const ids = Array.from({ length: 500 }, (_, at) => at.toString(16).padStart(64, '0'));
    const payments = new Map<string, PaymentFindings>(ids.map((id) => [id, { ...found, id }]));
    const pending = { payments: new Set(ids), purses: new Set<string>() };
    const rulings = { ...ruleOn(books, payments, new Set()), pending };
    const halves = counted(ids.map((payment) => ({ ...payee, payment })));
    const read = await shardsOf(reports, books, payments.values(), 5_000).next();
    if (read.done === true) throw new Error('there is no shard');
    const seen = { ...read.value, payerHalves: [], payeeHalves: halves.rows };
    const compared = compareHalves(
      books,
      seen,
      { causes: new Map(), credited: new Map() },
      rulings,
    );
    expect(halves.reads()).toBeLessThan(5 * ids.length);
    return compared;
  });
  expect(differences).toEqual([]);
});
