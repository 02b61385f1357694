import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Bytes } from '@tallystick/protocol';
import type { Call } from '../command/command.ts';
import { Failure } from '../command/failure.ts';
import { readTrust, type Trust } from '../trust/trust-file.ts';
import { DEFAULT_DATA, TRUST_FILE } from '../trust/places.ts';
import { type Material, withCertificates } from './material.ts';
import { readInput } from './read-input.ts';

/** What the options of `inspect` bring to verify with, and where the trust came from. */
export interface AtHand {
  readonly material: Material;
  readonly trustPath: string | null;
}

/** Reads trust file, certificates, request and statement. `beside` is the folder of the message. */
export async function readMaterial(call: Call, beside: string | null): Promise<AtHand> {
  const { values, runtime } = call;
  const found = await findTrust(call, beside);
  const certificates = await Promise.all(
    values.texts('certificate').map(async (given) => (await readInput(given, runtime)).bytes),
  );
  const base: Material = {
    trust: found?.trust ?? null,
    certificates: found?.trust.known ?? new Map(),
    request: await readOptional(call, 'request'),
    statement: await readOptional(call, 'statement'),
    now: Math.floor(runtime.nowMs() / 1000),
  };
  return { material: withCertificates(base, certificates), trustPath: found?.path ?? null };
}

async function readOptional({ values, runtime }: Call, name: string): Promise<Bytes | null> {
  const given = values.text(name);
  return given === undefined ? null : (await readInput(given, runtime)).bytes;
}

/** The trust file that is named; else the one beside the message, else the one of the data folder. */
async function findTrust(
  { values, runtime }: Call,
  beside: string | null,
): Promise<{ trust: Trust; path: string } | null> {
  const at = (path: string): string => resolve(runtime.workingFolder, path);
  const named = values.text('trust');
  if (named !== undefined) {
    const trust = await readTrustAt(at(named));
    if (trust !== null) return { trust, path: at(named) };
    throw new Failure('NO_TRUST', `there is no trust file ${named}: serve and demo write one`);
  }
  const folders = [...(beside === null ? [] : [beside]), at(values.text('data') ?? DEFAULT_DATA)];
  for (const folder of folders) {
    const path = join(folder, TRUST_FILE);
    const trust = await readTrustAt(path);
    if (trust !== null) return { trust, path };
  }
  return null;
}

async function readTrustAt(path: string): Promise<Trust | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const trust = readTrust(text);
  if (trust.ok) return trust.value;
  throw new Failure('BAD_TRUST', `the trust file ${path} cannot be used: ${trust.error.message}`);
}
