import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Environment } from './environment.ts';

/** What also brings them before the tests; there in a checkout, which is what needs it. */
const SCRIPT = fileURLToPath(new URL('../../../../scripts/system-packages.mjs', import.meta.url));

/**
 * Installs the Debian packages of an environment that are missing, where that can be done without asking
 * (root, and apt-get there). What is missing then, the environment itself names as it opens.
 */
export async function ensurePackages(
  { packages }: Environment,
  say: (text: string) => void,
): Promise<void> {
  if (packages.length === 0 || !existsSync(SCRIPT)) return;
  const child = execFile(process.execPath, [SCRIPT, ...packages]);
  child.stderr?.on('data', say);
  await once(child, 'exit');
}
