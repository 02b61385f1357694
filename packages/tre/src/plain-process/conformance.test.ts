import { describe, expect, it } from 'vitest';
import { checksFor } from '../conformance.ts';
import { modelledSpecimens } from '../testing/plain-specimen.ts';

describe('the plain process conforms, on a disk that fails (TS-TRE)', () => {
  for (const check of checksFor(['faults', 'power', 'clock', 'ed25519'])) {
    it(`${check.name} (${check.clause})`, async () => {
      await expect(check.run(modelledSpecimens())).resolves.toBeUndefined();
    });
  }
});
