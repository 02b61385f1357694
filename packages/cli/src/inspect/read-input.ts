import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { attempt, type Bytes, decodeCbor, fromHex, LIMITS } from '@tallystick/protocol';
import { decodeBase45, QrAssembler } from '@tallystick/wallet';
import { Failure } from '../command/failure.ts';
import type { Runtime } from '../command/runtime.ts';
import { splitEntries } from './entry-sequence.ts';

export type Encoding = 'hex' | 'QR text' | 'base64url' | 'base45' | 'binary';

/** Bytes, and how they were written down. */
export interface Input {
  readonly bytes: Bytes;
  readonly encoding: Encoding;
  /** Where the file lies that they came from; null when they came another way. */
  readonly folder: string | null;
}

/**
 * Reads a message from what a person has at hand: a file, stdin (for `-` or nothing), or the text
 * itself.
 *
 * @throws Failure NO_INPUT, NOT_A_MESSAGE
 */
export async function readInput(given: string | undefined, runtime: Runtime): Promise<Input> {
  if (given === undefined || given === '-') {
    const bytes = await runtime.readStdin();
    if (bytes.length > 0) return { ...decode(bytes), folder: null };
    throw new Failure('NO_INPUT', 'stdin is empty: give a message, a file, or pipe one in');
  }
  const path = resolve(runtime.workingFolder, given);
  const file = await readIfThere(path);
  if (file !== null) return { ...decode(file), folder: dirname(path) };
  return { ...decodeText(given.trim(), given), folder: null };
}

/** What a system says of a text that is the path of nothing. */
const NOT_THERE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

async function readIfThere(path: string): Promise<Bytes | null> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOT_THERE.has(error.code)) return null;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('NO_INPUT', `the file cannot be read: ${reason}`);
  }
}

function decode(raw: Bytes): Omit<Input, 'folder'> {
  const text = asText(raw);
  return text === null ? { bytes: raw, encoding: 'binary' } : decodeText(text, 'the input');
}

function asText(raw: Bytes): string | null {
  const text = Buffer.from(raw).toString('latin1').trim();
  return /^[\x20-\x7e\s]+$/.test(text) ? text : null;
}

/** Text of one of four kinds; where it could be two, the one that holds a message. */
function decodeText(text: string, named: string): Omit<Input, 'folder'> {
  const readings = READERS.flatMap(([encoding, read]) => {
    const bytes = read(text);
    return bytes === null || bytes.length === 0 ? [] : [{ bytes, encoding }];
  });
  const found = readings.find(({ bytes }) => isMessageLike(bytes)) ?? readings[0];
  if (found !== undefined) return found;
  const shown = named.length > 40 ? `${named.slice(0, 40)}…` : named;
  throw new Failure(
    'NOT_A_MESSAGE',
    `"${shown}" is no file, and neither hex, base45 (TS1:…) nor base64url: check that it is whole`,
  );
}

const READERS: readonly (readonly [Encoding, (text: string) => Bytes | null])[] = [
  ['hex', (text) => fromHex(text.replace(/\s+/g, ''))],
  ['QR text', fromQrTexts],
  ['base64url', fromBase64Url],
  ['base45', (text) => decodeBase45(text)],
];

function isMessageLike(bytes: Bytes): boolean {
  return splitEntries(bytes) !== null || attempt(() => decodeCbor(bytes, LIMITS.uploadBytes)).ok;
}

/** The text of a still code, or those of an animated one, each on a line of its own. */
function fromQrTexts(text: string): Bytes | null {
  const assembler = new QrAssembler();
  for (const line of text.split(/\r?\n/)) {
    const scan = assembler.add(line);
    if (scan.ok && 'done' in scan.value) return scan.value.done;
  }
  return null;
}

/** Only what an encoder writes: another last character could stand for the same bytes. */
function fromBase64Url(text: string): Bytes | null {
  const bare = text.replace(/=+$/, '');
  const bytes = Buffer.from(bare, 'base64url');
  return bytes.toString('base64url') === bare ? new Uint8Array(bytes) : null;
}
