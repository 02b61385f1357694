import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ALGORITHMS, encodeSignedImage, LIMITS, toHex } from '@tallystick/protocol';
import {
  bundleTrustedApp,
  type PublisherKey,
  readPublisherKey,
  signImage,
} from '@tallystick/tre/image';
import { type Call, printJson } from '../command/command.ts';
import { Failure, usageFailure } from '../command/failure.ts';
import { DEFAULT_OUT } from './command.ts';

const CODE_FILE = 'trusted-app.js';
const IMAGE_FILE = 'trusted-app.image';

/** What `image --json` prints. */
export interface ImageReport {
  readonly ok: true;
  /** SHA-256 of the code, in hex. */
  readonly measurement: string;
  readonly bytes: number;
  /** Path of the script. */
  readonly code: string;
  /** What signing gave; null without a key. */
  readonly signed: SignedReport | null;
}

interface SignedReport {
  readonly version: number;
  /** As a scheme file names it. */
  readonly publisher: { readonly algorithm: string; readonly key: string };
  /** Path of the image with its manifest. */
  readonly image: string;
}

interface Order {
  readonly version: number;
  readonly key: PublisherKey;
}

/** Builds the image, and signs it where that is asked for. */
export async function runImage(call: Call): Promise<number> {
  const { values, runtime, json } = call;
  const order = await readOrder(call);
  const folder = resolve(runtime.workingFolder, values.text('out') ?? DEFAULT_OUT);
  await mkdir(folder, { recursive: true });
  const report = await build(folder, order);
  if (json) printJson(runtime, report);
  else runtime.writeOut(`${inWords(report).join('\n')}\n`);
  return 0;
}

async function build(folder: string, order: Order | null): Promise<ImageReport> {
  const built = await bundleTrustedApp();
  const measurement = toHex(built.measurement);
  const code = join(folder, CODE_FILE);
  await writeFile(code, built.code);
  // As `sha256sum --check` reads it.
  await writeFile(`${code}.sha256`, `${measurement}  ${CODE_FILE}\n`);
  const bytes = built.code.length;
  if (order === null) return { ok: true, measurement, bytes, code, signed: null };
  const { version, key } = order;
  const image = join(folder, IMAGE_FILE);
  await writeFile(image, encodeSignedImage(signImage(built, version, key)));
  const publisher = {
    algorithm: ALGORITHMS[key.half.alg].name,
    key: toHex(key.half.bytes),
  };
  return { ok: true, measurement, bytes, code, signed: { version, publisher, image } };
}

async function readOrder({ values, runtime }: Call): Promise<Order | null> {
  const file = values.text('key');
  const version = values.integer('version', { min: 1, max: LIMITS.imageVersion });
  if (file === undefined && version === undefined) return null;
  if (file === undefined || version === undefined) {
    throw usageFailure('--key and --version go together');
  }
  const path = resolve(runtime.workingFolder, file);
  const pem = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Failure('KEY_UNREADABLE', `${path} cannot be read: ${String(error)}`);
  });
  const key = readPublisherKey(pem);
  if (!key.ok) throw new Failure('KEY_UNREADABLE', `${path}: ${key.error.message}`);
  return { version, key: key.value };
}

function inWords({ measurement, bytes, code, signed }: ImageReport): string[] {
  const lines = [
    'The trusted application, one script',
    '',
    `  measurement  ${measurement}`,
    `  code         ${code}   (${bytes} bytes)`,
  ];
  if (signed === null) return [...lines, '', 'Sign it with --key and --version to publish it.'];
  const { version, publisher, image } = signed;
  return [
    ...lines,
    `  version      ${version}`,
    `  publisher    ${publisher.key}   (${publisher.algorithm}; for "publisher" of a scheme file)`,
    `  image        ${image}`,
    '',
    'Register it with POST /v1/images, as application/cbor.',
  ];
}
