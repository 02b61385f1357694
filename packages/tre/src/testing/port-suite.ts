import { describe, expect, it } from 'vitest';
import { checksFor } from '../conformance.ts';
import { directorySpecimens, tested } from './environments.ts';

/** Puts one environment to everything that the port demands of it. */
export function portSuite(name: string): void {
  const environment = tested(name);
  const { offers, skip } = environment;
  describe.skipIf(skip)(`${name} conforms, in real directories (TS-TRE)`, () => {
    for (const check of checksFor(offers)) {
      it(`${check.name} (${check.clause})`, async () => {
        await expect(check.run(directorySpecimens(environment))).resolves.toBeUndefined();
      });
    }
  });
}
