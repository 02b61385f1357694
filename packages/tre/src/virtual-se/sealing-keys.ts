import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, err, ok, type Result } from '@tallystick/protocol';
import { stretch } from '../node/stretch.ts';
import { STRETCH_COST, type StretchCost } from '../surroundings.ts';
import type { OpenTpm } from '../tpm/open.ts';

const SALT = 'sealing-salt';
const SALT_BYTES = 32;
const KEY_BYTES = 32;

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

const SEALED_KEY = 'sealing-key.tpm';

/**
 * A sealing key that a TPM alone gives back: wrapped by it beside the state, and drawn where there is none.
 * Fails with TAMPERED where it is another TPM's, or was changed. Rejects with TpmFailure.
 */
export async function tpmKey({ seal, unseal }: OpenTpm, directory: string): Promise<Result<Bytes>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, SEALED_KEY);
  if (!existsSync(path)) {
    const drawn = await seal(Uint8Array.from(randomBytes(KEY_BYTES)));
    await writeFile(path, drawn, { flag: 'wx', mode: 0o600, flush: true });
  }
  const key = await unseal(Uint8Array.from(await readFile(path)));
  if (key?.length === KEY_BYTES) return ok(key);
  return err('TAMPERED', 'the sealing key is of another TPM, or was changed');
}
