import { createMemoryStore } from './memory.ts';
import { describeStore } from './testing/conformance.ts';

describeStore('memory', async (use) => {
  await use(createMemoryStore());
});
