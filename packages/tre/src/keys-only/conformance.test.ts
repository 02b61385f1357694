import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksFor } from '../conformance.ts';
import { EmulatedTpm, skipTpm } from '../testing/emulated-tpm.ts';
import { directorySpecimens } from '../testing/plain-specimen.ts';
import { openKeysOnly } from './index.ts';

describe.skipIf(skipTpm)('keys alone conform, in a TPM 2.0 (TS-TRE)', () => {
  let emulated: EmulatedTpm;
  beforeAll(async () => {
    emulated = await EmulatedTpm.start();
  });
  afterAll(() => emulated.stop());

  for (const check of checksFor(['clock'])) {
    it(`${check.name} (${check.clause})`, async () => {
      const { tpm } = emulated;
      const specimens = directorySpecimens((options) => openKeysOnly({ ...options, tpm }));
      await expect(check.run(specimens)).resolves.toBeUndefined();
    });
  }
});
