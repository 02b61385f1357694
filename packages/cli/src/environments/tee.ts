import { join } from 'node:path';
import { ok } from '@tallystick/protocol';
import { openTee } from '@tallystick/tre/tee';
import type { Environment } from './environment.ts';
import { startTpm } from './emulated-tpm.ts';

/** A TPM of its own for each device, emulated, which a process of its own alone talks to. */
export const tee: Environment = teeWith('tee', true, [
  'A TPM vouches for the one state of her purse that counts: its chain has taken up the digest of',
  'that state, and its counter has moved on. She had copied the folder, and puts the copy back.',
]);

/**
 * The same, whose state the TPM does not vouch for: what the counter alone contributes shows by it. No command runs
 * a purse in it.
 */
export const teeUncounted: Environment = teeWith('tee without counter', false, [
  'Nothing says how old the state of her purse is. She had copied the folder, and puts the copy back.',
]);

function teeWith(name: string, counter: boolean, says: readonly string[]): Environment {
  return {
    name,
    says: 'an emulated TEE: a process apart, sealed to a TPM 2.0 (swtpm)',
    packages: ['swtpm', 'swtpm-tools'],
    hasTpm: true,
    rollback: { isPrevented: counter, says },
    open: async ({ folder, tpmMaker, ...options }) => {
      const opened = await openTee({
        directory: join(folder, 'purse'),
        tpm: async () => (await startTpm(folder, tpmMaker)).line,
        counter,
        ...options,
      });
      if (!opened.ok) return opened;
      const element = opened.value;
      return ok({ element, close: () => element.close() });
    },
  };
}
