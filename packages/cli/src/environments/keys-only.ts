import { join } from 'node:path';
import { ok } from '@tallystick/protocol';
import { openKeysOnly } from '@tallystick/tre/keys-only';
import { openTpm, refusingHardware } from '@tallystick/tre/tpm';
import type { Environment } from './environment.ts';
import { startTpm } from './emulated-tpm.ts';

/** A TPM of its own for each device, emulated: its folder is the chip, which no thief of files gets. */
export const keysOnly: Environment = {
  name: 'keys-only',
  says: 'keys in a TPM 2.0 (swtpm), the balance in files',
  packages: ['swtpm', 'swtpm-tools'],
  hasTpm: true,
  rollback: {
    isPrevented: false,
    says: [
      'A TPM holds her key, and nobody can take it elsewhere; her balance lies in files.',
      'She had copied its folder, and now puts the copy back before the very same key. It cannot',
      'be prevented here; it can be proven.',
    ],
  },
  open: ({ folder, tpmMaker, ...options }) =>
    refusingHardware(async () => {
      const { line, stop: end } = await startTpm(folder, tpmMaker);
      const tpm = await openTpm(line);
      const stop = async (): Promise<void> => {
        await tpm.close();
        await end();
      };
      const opened = await openKeysOnly({ directory: join(folder, 'purse'), tpm, ...options });
      if (!opened.ok) {
        await stop();
        return opened;
      }
      const element = opened.value;
      return ok({
        element,
        close: async () => {
          await element.close();
          await stop();
        },
      });
    }),
};
