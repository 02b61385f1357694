import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Bytes } from '@tallystick/protocol';

const CORPUS = new URL('../corpus/', import.meta.url);
/** Longest input that is stored: the corpus is replayed with every test run, and lies in the repository. */
const STORED_MAX = 2_048;
const INPUTS_MAX = 48;
const BYTES_MAX = 16_384;

function fileOf(target: string): URL {
  return new URL(`${target}/inputs.txt`, CORPUS);
}

/** The stored inputs of a target, base64url, one a line; none when it has no file. */
export function readCorpus(target: string): Bytes[] {
  const file = fileOf(target);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => new Uint8Array(Buffer.from(line, 'base64url')));
}

/**
 * Stores the newest of what was found, within bounds for one target: the last inputs to reach
 * something new are those that took longest to find.
 */
export function writeCorpus(target: string, found: readonly Bytes[]): void {
  const stored: string[] = [];
  let bytes = 0;
  for (const input of found.toReversed()) {
    if (input.length > STORED_MAX || bytes + input.length > BYTES_MAX) continue;
    if (stored.length === INPUTS_MAX) break;
    stored.push(Buffer.from(input).toString('base64url'));
    bytes += input.length;
  }
  mkdirSync(new URL(`${target}/`, CORPUS), { recursive: true });
  writeFileSync(
    fileOf(target),
    stored
      .toReversed()
      .map((line) => `${line}\n`)
      .join(''),
  );
}
