import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseScheme, SchemeError } from './parse-scheme.ts';
import type { Scheme } from './scheme.ts';

/** The scheme that is used when none is named: play money, every environment. */
export const SANDBOX_SCHEME: string = fileURLToPath(
  new URL('../../../../schemes/sandbox.json', import.meta.url),
);

/**
 * Reads a scheme file.
 *
 * @throws SchemeError when it cannot be read, is no JSON, or has a wrong field
 */
export async function readSchemeFile(path: string): Promise<Scheme> {
  return parseScheme(await readJson(path), path);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SchemeError(`${path} cannot be read as JSON: ${reason}`, { cause: error });
  }
}
