import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface OperatorToken {
  readonly token: string;
  /** Where it is kept; null when the command line gave it. */
  readonly file: string | null;
  /** Made by this very start. */
  readonly isNew: boolean;
}

const TOKEN_FILE = 'operator-token';
const TOKEN_BYTES = 32;
const OWNER_ONLY = 0o600;

/** The token that was given; else the one in the data folder, made on first use for its owner's eyes. */
export async function operatorToken(
  given: string | undefined,
  folder: string,
): Promise<OperatorToken> {
  if (given !== undefined) return { token: given, file: null, isNew: false };
  const file = join(folder, TOKEN_FILE);
  const kept = await readIfThere(file);
  if (kept !== null) {
    await chmod(file, OWNER_ONLY);
    return { token: kept.trim(), file, isNew: false };
  }
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  await writeFile(file, `${token}\n`, { mode: OWNER_ONLY, flag: 'wx' });
  return { token, file, isNew: true };
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
