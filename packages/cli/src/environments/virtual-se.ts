import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ok } from '@tallystick/protocol';
import { openVirtualElement, passphraseKey } from '@tallystick/tre/virtual-se';
import type { Environment } from './environment.ts';

/** What the holders of a story type, by their device's folder: a thief of files does not know it. */
const passphrases = new Map<string, string>();

/** A virtual machine in a process of its own, its state sealed under what the holder types. */
export const virtualSe: Environment = {
  name: 'virtual-se',
  says: 'a virtual secure element: QuickJS in a process of its own, sealed state',
  packages: [],
  hasTpm: false,
  rollback: {
    isPrevented: false,
    says: [
      'Her purse is sealed: its files tell nothing, and nothing in them can be changed. But an old',
      'seal is a seal: she had copied the folder, and now puts the copy back. It cannot be prevented',
      'here; it can be proven.',
    ],
  },
  open: async ({ folder, ...options }) => {
    const directory = join(folder, 'purse');
    const passphrase = passphrases.get(folder) ?? randomBytes(16).toString('base64url');
    passphrases.set(folder, passphrase);
    const sealingKey = await passphraseKey(passphrase, directory);
    const opened = await openVirtualElement({ directory, sealingKey, ...options });
    if (!opened.ok) return opened;
    const element = opened.value;
    return ok({ element, close: () => element.close() });
  },
};
