import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksFor } from '../conformance.ts';
import { directorySpecimens, type StartedEnvironment, tested } from './environments.ts';

/** Puts one environment to everything that the port demands of it. */
export function portSuite(name: string): void {
  const { offers, skip, start } = tested(name);
  describe.skipIf(skip)(`${name} conforms, in real directories (TS-TRE)`, () => {
    let folder = '';
    let started: StartedEnvironment;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'kept-'));
      started = await start(folder);
    });
    afterAll(async () => {
      await started.stop();
      await rm(folder, { recursive: true });
    });

    for (const check of checksFor(offers)) {
      it(`${check.name} (${check.clause})`, async () => {
        await expect(check.run(directorySpecimens(started))).resolves.toBeUndefined();
      });
    }
  });
}
