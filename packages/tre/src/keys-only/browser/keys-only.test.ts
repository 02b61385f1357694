import { fromHex, toHex, unwrap } from '@tallystick/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withChecksum, withoutChecksum } from '../../checksum.ts';
import { decodeContent, encodeContent } from '../../isolated/content.ts';
import type { AppPage } from '../../testing/browser/app-page.ts';
import { skipChromium } from '../../testing/browser/chromium.ts';
import { asIntruder, BrowserLab, databaseOf, purseWith } from '../../testing/browser/lab.ts';
import { withBalance } from '../../testing/edited-state.ts';
import { signCode, testImage } from '../../testing/image.ts';

const NONE = new Uint8Array(0);
let lab: BrowserLab;
let page: AppPage;

beforeAll(async () => {
  if (skipChromium) return;
  lab = await BrowserLab.start();
  page = await lab.page();
  await lab.intrude(page.page);
});

afterAll(async () => {
  if (!skipChromium) await lab.stop();
});

interface Stored {
  readonly hex: string;
  readonly put: (hex: string) => Promise<void>;
}

/** What a purse in the page has stored, and how to put something else in its place. */
async function storedOf(purse: string): Promise<Stored> {
  const database = databaseOf(lab.sites, { purse, isFramed: false });
  const hex = await asIntruder(page.page, 'get', database, 'purse', 'state');
  return {
    hex: hex ?? '',
    put: (changed) => asIntruder(page.page, 'put', database, 'purse', 'state', changed),
  };
}

describe.skipIf(skipChromium)('keys only, in a page', () => {
  it('gives its keys to no script, in no form', async () => {
    const purse = await purseWith(page, { purse: 'kept', isFramed: false }, 1n);
    await purse.element.close();
    const database = databaseOf(lab.sites, { purse: 'kept', isFramed: false });
    expect(await asIntruder(page.page, 'exportKeys', database)).toEqual([
      'ECDSA kept',
      'InvalidAccessError',
      'InvalidAccessError',
      'InvalidAccessError',
    ]);
  });

  it('believes a script that edits the balance: keys alone do not protect it', async () => {
    const purse = await purseWith(page, { purse: 'edited', isFramed: false }, 5n);
    await purse.element.close();
    const { hex, put } = await storedOf('edited');
    const body = withoutChecksum(fromHex(hex) ?? NONE);
    const content = unwrap(decodeContent(body ?? NONE));
    const state = withBalance(content.state ?? NONE, 1_005n);
    await put(toHex(withChecksum(encodeContent({ ...content, state }))));
    await purse.open();
    expect((await purse.status()).balance).toBe(1_005n);
    await purse.element.close();
  });

  it('says TAMPERED to what is damaged, and BUSY to a second page', async () => {
    const where = { purse: 'damaged', isFramed: false };
    const purse = await purseWith(page, where, 5n);
    const second = await lab.page();
    expect(await second.purse(where)).toMatchObject({ error: { code: 'BUSY' } });
    await purse.element.close();
    const { hex, put } = await storedOf('damaged');
    for (const spoilt of [
      hex.slice(0, -2),
      `${hex.slice(0, -1)}${hex.endsWith('0') ? 1 : 0}`,
      '',
    ]) {
      await put(spoilt);
      expect(await second.purse(where)).toMatchObject({ error: { code: 'TAMPERED' } });
    }
    await put(hex);
    const opened = unwrap(await second.purse({ ...where, image: await testImage() }));
    await opened.close();
  });

  it('gives up an image that computes for ever, and nothing is kept of it', async () => {
    const where = { purse: 'endless', isFramed: false };
    const code = new TextEncoder().encode('var tallystick = { call: () => { for (;;) {} } };');
    await expect(page.purse({ ...where, image: signCode(code, 2) })).rejects.toThrow('interrupted');
    await unwrap(await page.purse({ ...where, image: await testImage() })).close();
  });

  it('says STORAGE_FAILED when there is no room, and nothing has changed (TS-TRE-3)', async () => {
    const other = await lab.neighbour();
    const session = await lab.chromium.context.newCDPSession(other.page);
    const { origin } = new URL(other.page.url());
    const where = { purse: 'full', isFramed: false, image: await testImage() };
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    expect(await other.purse(where)).toMatchObject({ error: { code: 'STORAGE_FAILED' } });
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    const { image: _, ...again } = where;
    expect(await other.purse(again)).toMatchObject({ error: { code: 'IMAGE_DIFFERS' } });
    await unwrap(await other.purse(where)).close();
  });
});
