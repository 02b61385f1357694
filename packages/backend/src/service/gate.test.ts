import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import { gateTransactions } from './gate.ts';

test('at most so many transactions at once, in the order they came, also after failures', async () => {
  const store = gateTransactions(createMemoryStore(), 3);
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  const runs = Array.from({ length: 20 }, async (_, index) =>
    store.exclusive(`lock ${index}`, async () => {
      inside += 1;
      most = Math.max(most, inside);
      order.push(index);
      await Promise.resolve();
      inside -= 1;
      if (index % 4 === 1) throw new Error(`run ${index}`);
      return index;
    }),
  );
  const outcomes = await Promise.allSettled(runs);
  expect(most).toBe(3);
  expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(5);
});
