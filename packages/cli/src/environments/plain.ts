import { join } from 'node:path';
import { ok } from '@tallystick/protocol';
import { openPlainProcess } from '@tallystick/tre/plain-process';
import type { Environment } from './environment.ts';

/** The insecure baseline. */
export const plain: Environment = {
  name: 'plain',
  says: 'the plain process: keys and balance lie in files',
  packages: [],
  hasTpm: false,
  rollback: {
    isPrevented: false,
    says: [
      'Her purse is a plain process: it protects nothing against the owner of the device.',
      'She had copied its folder, and now puts the copy back. It cannot be prevented here;',
      'it can be proven.',
    ],
  },
  open: async ({ folder, ...options }) => {
    const opened = await openPlainProcess({ directory: join(folder, 'purse'), ...options });
    if (!opened.ok) return opened;
    const element = opened.value;
    return ok({ element, close: () => element.close() });
  },
};
