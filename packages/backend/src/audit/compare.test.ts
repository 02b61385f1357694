import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import { readBooks } from './books.ts';
import { compareHalves } from './compare.ts';
import { issuingRefs, weigh } from './evidence.ts';
import { findPayments } from './findings.ts';
import { paidHistory } from './testing/paid.ts';

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
  const { world, payee } = await paidHistory(createMemoryStore());
  const books = await world.store.view((view) => readBooks(view, issuingRefs));
  const [found] = findPayments(books, await weigh(books, world.context.verifyMany)).values();
  if (found === undefined) throw new Error('there is no payment');
  const ids = Array.from({ length: 500 }, (_, at) => at.toString(16).padStart(64, '0'));
  const halves = counted(ids.map((payment) => ({ ...payee, payment })));
  const payments = new Map(ids.map((id) => [id, { ...found, id }]));
  const pending = { payments: new Set(ids), purses: new Set<string>() };
  const differences = compareHalves(
    { ...books, payerHalves: [], payeeHalves: halves.rows },
    payments,
    { causes: new Map(), credited: new Map() },
    pending,
  );
  expect(differences).toEqual([]);
  expect(halves.reads()).toBeLessThan(5 * ids.length);
});
