import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '@tallystick/protocol';
import { stretch, STRETCH_COST, type StretchCost } from '../node/stretch.ts';

const SALT = 'sealing-salt';
const SALT_BYTES = 32;

/**
 * A sealing key from what the holder types (scrypt, RFC 7914), with a salt that lies beside the state and
 * is made where there is none. As strong as the passphrase: whoever has the files can try at home.
 */
export async function passphraseKey(
  passphrase: string,
  directory: string,
  cost: StretchCost = STRETCH_COST,
): Promise<Bytes> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const salt = await saltIn(join(directory, SALT));
  return stretch(new TextEncoder().encode(passphrase), salt, cost);
}

async function saltIn(path: string): Promise<Bytes> {
  try {
    await writeFile(path, randomBytes(SALT_BYTES), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return Uint8Array.from(await readFile(path));
}
