import { glob, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { skipChromium } from '../testing/browser/chromium.ts';
import {
  asIntruder,
  BrowserLab,
  databaseOf,
  purseOn,
  purseWith,
  type Where,
} from '../testing/browser/lab.ts';

// Browsers are started several times in one test, and other tests may have the machine.
vi.setConfig({ testTimeout: 300_000 });

let lab: BrowserLab;

beforeEach(async () => {
  if (!skipChromium) lab = await BrowserLab.start();
});
afterEach(async () => {
  if (!skipChromium) await lab.stop();
});

/** The logs of the databases in a profile: one each, as long as they are small. */
async function databaseLogs(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const file of glob('Default/**/*indexeddb.leveldb/*.log', { cwd: lab.profile })) {
    found.push(join(lab.profile, file));
  }
  return found.sort();
}

/** Damages a file as a write does that was cut and went on: what it says in its middle is wrong. */
async function damage(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  await writeFile(file, bytes);
}

describe.skipIf(skipChromium).each([
  ['the page', false],
  ['an element', true],
])('a purse in %s', (_, isFramed) => {
  const where: Where = { purse: 'mirrored', isFramed };

  it('is there again when Chromium throws either copy away', async () => {
    const { certificate, element } = await purseWith(await lab.page(), where, 77n);
    await element.close();
    await lab.chromium.close();
    const logs = await databaseLogs();
    expect(logs).toHaveLength(2);
    for (const [index, log] of logs.entries()) {
      await damage(log);
      await lab.restart();
      const purse = await purseOn(await lab.page(), where);
      purse.certificate = certificate;
      expect((await purse.status()).balance).toBe(77n + BigInt(index));
      await purse.load(1n);
      await purse.request(1n);
      await purse.element.close();
      await lab.chromium.close();
      // It is another database, made at that start.
      expect(await readFile(join(dirname(log), 'LOG'), 'utf8')).toContain('Creating DB');
    }
    await lab.restart();
    const purse = await purseOn(await lab.page(), where);
    expect((await purse.status()).balance).toBe(79n);
  });

  it('goes on without its second copy, and has one again when it is opened', async () => {
    const page = await lab.page();
    const purse = await purseWith(page, where, 7n);
    const { certificate } = purse;
    const place = isFramed ? page.page.workers()[0] : page.page;
    if (place === undefined) throw new Error('the element has no worker');
    await lab.intrude(place);
    await asIntruder(place, 'removeSecondCopy', databaseOf(lab.sites, where));
    await purse.load(1n);
    await purse.element.close();
    const opened = await purseOn(page, where);
    opened.certificate = certificate;
    await opened.load(1n);
    await opened.element.close();
    await lab.chromium.close();
    const [first] = await databaseLogs();
    if (first === undefined) throw new Error('there is no database');
    await damage(first);
    await lab.restart();
    expect((await (await purseOn(await lab.page(), where)).status()).balance).toBe(9n);
  });
});
