import { expect, test } from 'vitest';
import { createMemoryStore } from './memory.ts';
import { describeStore } from './testing/conformance.ts';
import { ALICE, fact, posting, purse } from './testing/rows.ts';
import { TAKEN, write } from './testing/suite.ts';

describeStore('memory', async (use) => {
  await use(createMemoryStore());
});

// Databases number what is added to a purse; here, where simulations run, each row is looked at.
test('the memory store takes each fact once, and one posting for each cause, kind and revision', async () => {
  const store = createMemoryStore();
  await write(store, { purses: [purse(ALICE)], facts: [fact(1)], postings: [posting(5)] });
  await expect(write(store, { facts: [fact(1)] })).rejects.toThrow(TAKEN);
  await expect(write(store, { postings: [posting(5, { amount: 6n })] })).rejects.toThrow(TAKEN);
  await write(store, {
    postings: [posting(5, { revision: 1 }), posting(5, { kind: 'restore' })],
  });
  expect((await store.reports.postings('', 9)).rows).toHaveLength(3);
});
