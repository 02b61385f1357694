import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createPublicKey } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Result, unwrap } from '@tallystick/protocol';
import { encodeCommand, readReply } from '@tallystick/trusted-app';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Element } from '../port.ts';
import { TEST_PUBLISHER, testImage } from '../testing/image.ts';
import { CHEAP_STRETCH } from '../testing/plain-specimen.ts';
import { openPlainProcess } from './index.ts';

const image = await testImage();
let directory = '';
const opened: Element[] = [];

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'purse-')), 'new');
});

afterEach(async () => {
  for (const element of opened.splice(0)) await element.close();
  await rm(join(directory, '..'), { recursive: true });
});

async function open(where = directory): Promise<Result<Element>> {
  const clock = (): null => null;
  const result = await openPlainProcess({
    directory: where,
    clock,
    stretchCost: CHEAP_STRETCH,
    publisher: TEST_PUBLISHER,
    image,
  });
  if (result.ok) opened.push(result.value);
  return result;
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'OK' : result.error.code);

async function prepare(element: Element): Promise<void> {
  const challenge = new Uint8Array(32);
  const reply = await element.execute(encodeCommand({ kind: 2, alg: -7, challenge, pin: null }));
  expect(codeOf(readReply(reply))).toBe('OK');
}

/** Takes the lock in a process of its own, and tells when it has it. */
async function lockElsewhere(): Promise<{ kill(): Promise<void> }> {
  const module = new URL('../node/lock.ts', import.meta.url).href;
  const script = `
    const { takeLock } = await import(${JSON.stringify(module)});
    globalThis.held = takeLock(${JSON.stringify(directory)});
    process.stdout.write(globalThis.held === null ? 'busy' : 'held');
    setInterval(() => undefined, 1_000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe('held');
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('opening a plain process', () => {
  it('makes a directory for the owner alone, with keys the owner can read', async () => {
    await prepare(unwrap(await open()));
    const names = (await readdir(directory)).toSorted();
    const [code = '', key = ''] = names;
    expect(names).toEqual([code, key, 'lock', 'log', 'state']);
    expect([code, key]).toEqual([
      expect.stringMatching(/^image-[0-9a-f]{16}\.js$/),
      expect.stringMatching(/^key-0-[0-9a-f]{16}\.pem$/),
    ]);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    for (const name of [code, key, 'log', 'state']) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    }
    // The baseline's very point: whoever owns the device has the key.
    const pem = await readFile(join(directory, key), 'utf8');
    expect(createPublicKey(pem).asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });

  it('refuses a purse that is open, and lets it be opened once it is closed', async () => {
    const first = unwrap(await open());
    expect(codeOf(await open())).toBe('BUSY');
    await first.close();
    expect(codeOf(await open())).toBe('OK');
  });

  it('refuses a purse that another process has, until that one is killed', async () => {
    await (await openOnce()).close();
    const other = await lockElsewhere();
    expect(codeOf(await open())).toBe('BUSY');
    await other.kill();
    expect(codeOf(await open())).toBe('OK');
  });

  it('says STORAGE_FAILED where there can be no directory', async () => {
    const file = join(directory, '..', 'file');
    await writeFile(file, '');
    expect(codeOf(await open(file))).toBe('STORAGE_FAILED');
    expect(codeOf(await open(join(file, 'below')))).toBe('STORAGE_FAILED');
  });

  async function openOnce(): Promise<Element> {
    const element = unwrap(await open());
    await prepare(element);
    return element;
  }

  it('says TAMPERED to a state file with any byte changed, and lets go of the lock', async () => {
    await (await openOnce()).close();
    const state = await readFile(join(directory, 'state'));
    for (let at = 0; at < state.length; at += 7) {
      const changed = Uint8Array.from(state);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(join(directory, 'state'), changed);
      expect(codeOf(await open())).toBe('TAMPERED');
    }
    await writeFile(join(directory, 'state'), state);
    expect(codeOf(await open())).toBe('OK');
  });

  it('says TAMPERED when a key is missing or another', async () => {
    await (await openOnce()).close();
    const name = (await readdir(directory)).find((each) => each.startsWith('key-')) ?? '';
    const pem = await readFile(join(directory, name));
    await writeFile(join(directory, name), 'no key');
    expect(codeOf(await open())).toBe('TAMPERED');
    await rm(join(directory, name));
    expect(codeOf(await open())).toBe('TAMPERED');
    await writeFile(join(directory, name), pem);
    expect(codeOf(await open())).toBe('OK');
  });

  it('says TAMPERED when the state is gone and its log is not', async () => {
    await (await openOnce()).close();
    await writeFile(join(directory, 'log'), 'something');
    await rm(join(directory, 'state'));
    expect(codeOf(await open())).toBe('TAMPERED');
  });

  it('removes what a commit that never was left behind', async () => {
    await (await openOnce()).close();
    await writeFile(join(directory, 'state.new'), 'half');
    await writeFile(join(directory, 'key-9-0000000000000000.pem'), 'half');
    await writeFile(join(directory, 'image-0000000000000000.js'), 'half');
    unwrap(await open());
    expect((await readdir(directory)).length).toBe(5);
  });
});
