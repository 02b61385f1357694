import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FileStore, openFileStore } from './store.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'));
});
afterAll(() => rm(folder, { recursive: true }));

function opened(name: string): FileStore {
  const store = openFileStore(join(folder, name));
  if (!store.ok) throw new Error(store.error.message);
  return store.value;
}

test('what was put is there when it is opened again, and what was removed is not', async () => {
  const store = opened('kept');
  await store.put('payment/a', Uint8Array.of(1));
  await store.put('payment/b', Uint8Array.of(2));
  await store.put('payment/a', Uint8Array.of(3));
  await store.put('paymentless', Uint8Array.of(4));
  await store.put('p%', Uint8Array.of(5));
  await store.remove('payment/b');
  await store.remove('never there');
  store.close();
  const again = opened('kept');
  expect(await again.get('payment/a')).toEqual(Uint8Array.of(3));
  expect(await again.get('payment/b')).toBeNull();
  expect(await again.list('payment/')).toEqual(['payment/a']);
  // A prefix is not a pattern.
  expect(await again.list('p%')).toEqual(['p%']);
  again.close();
});

test('it is open once', async () => {
  const store = opened('once');
  expect(openFileStore(join(folder, 'once'))).toMatchObject({ error: { code: 'BUSY' } });
  await store.put('key', Uint8Array.of(1));
  store.close();
  opened('once').close();
});

test('a file of somebody else, or a place that is not there, is no store, and stays as it is', async () => {
  const letter = 'Dear all, this is no database, and never was one.';
  await writeFile(join(folder, 'letter'), letter);
  for (const name of ['letter', 'nowhere/store']) {
    expect(openFileStore(join(folder, name))).toMatchObject({ error: { code: 'STORAGE_FAILED' } });
  }
  expect(await readFile(join(folder, 'letter'), 'utf8')).toBe(letter);
});

/** Puts one number after the other, and says each once it is kept. */
const WRITER = `
  const { openFileStore } = await import(process.argv[1]);
  const store = openFileStore(process.argv[2]).value;
  for (let at = 1; ; at++) {
    await store.put('last', Uint8Array.of(at >> 8, at & 255));
    console.log(at);
  }`;

test('what it said it has kept outlives a process that is killed', async () => {
  const file = join(folder, 'killed');
  const module = new URL('store.ts', import.meta.url).href;
  const flags = ['--no-warnings', '--input-type=module', '-e', WRITER, module, file];
  for (const lines of [3, 20, 60]) {
    const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    let said = 0;
    for await (const line of createInterface(child.stdout)) {
      said = Number(line);
      if (said === lines) child.kill('SIGKILL');
    }
    await ended;
    const store = opened('killed');
    const [high = 0, low = 0] = (await store.get('last')) ?? [];
    expect(high * 256 + low).toBeGreaterThanOrEqual(said);
    store.close();
  }
});
