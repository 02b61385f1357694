import { join } from 'node:path';
import { ok } from '@tallystick/protocol';
import { openTee } from '@tallystick/tre/tee';
import type { Environment } from './environment.ts';
import { startTpm } from './emulated-tpm.ts';

/** A TPM of its own for each device, emulated, which a process of its own alone talks to. */
export const tee: Environment = {
  name: 'tee',
  says: 'an emulated TEE: a process apart, sealed to a TPM 2.0 (swtpm)',
  packages: ['swtpm', 'swtpm-tools'],
  hasTpm: true,
  rollback: {
    isPrevented: true,
    says: [
      'A TPM vouches for the one state of her purse that counts: its chain has taken up the digest of',
      'that state, and its counter has moved on. She had copied the folder, and puts the copy back.',
    ],
  },
  open: async ({ folder, tpmMaker, ...options }) => {
    const opened = await openTee({
      directory: join(folder, 'purse'),
      tpm: async () => (await startTpm(folder, tpmMaker)).line,
      ...options,
    });
    if (!opened.ok) return opened;
    const element = opened.value;
    return ok({ element, close: () => element.close() });
  },
};
