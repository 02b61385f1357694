import { describe, expect, it } from 'vitest';
import { checksFor } from '../conformance.ts';
import { memorySpecimens } from '../testing/memory-specimen.ts';

describe('the in-memory host conforms (TS-TRE)', () => {
  for (const check of checksFor(['faults', 'power', 'clock', 'ed25519'])) {
    it(`${check.name} (${check.clause})`, async () => {
      await expect(check.run(memorySpecimens())).resolves.toBeUndefined();
    });
  }
});
