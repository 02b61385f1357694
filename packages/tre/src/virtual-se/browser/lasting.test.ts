import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ES256, toHex } from '@tallystick/protocol';
import { softwarePublicKey } from '@tallystick/protocol/software';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExaminedPurse } from '../../conformance/purse.ts';
import type { AppPage } from '../../testing/browser/app-page.ts';
import { skipChromium } from '../../testing/browser/chromium.ts';
import { BrowserLab, purseOn, purseWith, type Where } from '../../testing/browser/lab.ts';

// Browsers are started several times in one test, and other tests may have the machine.
vi.setConfig({ testTimeout: 300_000 });

let lab: BrowserLab;

beforeEach(async () => {
  if (!skipChromium) lab = await BrowserLab.start();
});
afterEach(async () => {
  if (!skipChromium) await lab.stop();
});

const PLACES: readonly Where[] = [
  { purse: 'lasting', isFramed: false },
  { purse: 'lasting', isFramed: true },
];

/** The purse of a place again, on another page or in another browser. */
async function again(page: AppPage, where: Where, before: ExaminedPurse): Promise<ExaminedPurse> {
  const purse = await purseOn(page, where);
  purse.certificate = before.certificate;
  return purse;
}

/** Whatever a page needs offline is kept by now, on both of its origins. */
async function untilKept({ page }: AppPage): Promise<void> {
  const { url } = lab.sites.element;
  const frame = page.frames().find((each) => each.url().startsWith(url));
  for (const place of [page, frame]) {
    await place?.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  }
}

describe.skipIf(skipChromium)('purses in a browser', () => {
  it('are there again on a reloaded page', async () => {
    const page = await lab.page();
    for (const where of PLACES) {
      // Open, as a page is that somebody reloads.
      const purse = await purseWith(page, where, 77n);
      await page.page.reload();
      const reloaded = await again(page, where, purse);
      expect((await reloaded.status()).balance).toBe(77n);
      await reloaded.request(1n);
      await reloaded.element.close();
    }
  });

  it('start without any network, in a new page of a new browser', async () => {
    const page = await lab.page();
    const purses: ExaminedPurse[] = [];
    for (const where of PLACES) purses.push(await purseWith(page, where, 31n));
    await untilKept(page);
    await lab.chromium.close();
    await lab.sites.stop();
    await lab.restart();
    await lab.chromium.context.setOffline(true);
    const offline = await lab.page();
    const opened: ExaminedPurse[] = [];
    for (const [index, where] of PLACES.entries()) {
      const before = purses[index];
      if (before === undefined) throw new Error('a purse is missing');
      opened.push(await again(offline, where, before));
    }
    const [payer, payee] = opened;
    if (payer === undefined || payee === undefined) throw new Error('a payment takes two');
    const request = await payee.request(30n);
    const { message } = await payer.pay(request, payee);
    await payee.receive(message, request, payer);
    expect((await payer.status()).balance).toBe(1n);
    expect((await payee.status()).balance).toBe(61n);
  });
});

describe.skipIf(skipChromium)('what a browser does not stop', () => {
  it('a profile that is put back brings the very same keys and an old state: both spend again', async () => {
    const kept = await mkdtemp(join(tmpdir(), 'kept-'));
    const page = await lab.page();
    const payers: ExaminedPurse[] = [];
    for (const where of PLACES) payers.push(await purseWith(page, where, 100n));
    const elsewhere = await BrowserLab.start();
    const street = await elsewhere.page();
    const payees = [
      await purseWith(street, { purse: 'payee 1', isFramed: false }, 0n),
      await purseWith(street, { purse: 'payee 2', isFramed: false }, 0n),
    ];
    await lab.chromium.close();
    await cp(lab.profile, kept, { recursive: true });
    for (const payee of payees) {
      await lab.restart();
      const opened = await lab.page();
      for (const [index, where] of PLACES.entries()) {
        const before = payers[index];
        if (before === undefined) throw new Error('a purse is missing');
        const payer = await again(opened, where, before);
        const request = await payee.request(100n);
        const { message } = await payer.pay(request, payee);
        await payee.receive(message, request, payer);
        expect((await payer.status()).balance).toBe(0n);
      }
      await lab.chromium.close();
      await rm(lab.profile, { recursive: true });
      await cp(kept, lab.profile, { recursive: true });
    }
    const held = await Promise.all(payees.map(async (payee) => (await payee.status()).balance));
    expect(held).toEqual([200n, 200n]);
    await lab.restart();
    await elsewhere.stop();
    await rm(kept, { recursive: true });
  });

  it('the files of a profile have the keys in the clear: not to be exported is no encryption', async () => {
    const page = await lab.page();
    const purse = await purseWith(page, { purse: 'read', isFramed: true }, 1n);
    const wanted = toHex(purse.key.bytes);
    await lab.chromium.close();
    expect(await secretKeysIn(lab.profile)).toContain(wanted);
    await lab.restart();
  });
});

/** A P-256 private key as PKCS #8 begins (RFC 5208, RFC 5915), up to its 32 bytes. */
const PKCS8 = Buffer.from(
  '308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420',
  'hex',
);

/** Public halves of the private keys that lie in the files of a folder. */
async function secretKeysIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    for (let at = bytes.indexOf(PKCS8); at >= 0; at = bytes.indexOf(PKCS8, at + 1)) {
      const secret = Uint8Array.from(bytes.subarray(at + PKCS8.length, at + PKCS8.length + 32));
      found.push(toHex(softwarePublicKey(ES256, secret).bytes));
    }
  }
  return found;
}
