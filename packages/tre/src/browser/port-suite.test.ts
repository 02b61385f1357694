import { sha256, toHex, unwrap } from '@tallystick/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksFor, type OpenFresh } from '../conformance.ts';
import type { Element } from '../port.ts';
import { AppPage } from '../testing/browser/app-page.ts';
import { Chromium, makeProfile, removeProfile, skipChromium } from '../testing/browser/chromium.ts';
import { type Sites, startSites } from '../testing/browser/sites.ts';
import { testImage } from '../testing/image.ts';

let profile = '';
let sites: Sites;
let chromium: Chromium;
let page: AppPage;

beforeAll(async () => {
  if (skipChromium) return;
  profile = await makeProfile();
  sites = await startSites();
  chromium = await Chromium.start(profile);
  page = await AppPage.open(chromium, sites);
});

afterAll(async () => {
  if (skipChromium) return;
  await chromium.kill();
  await sites.stop();
  await removeProfile(profile);
});

let made = 0;
function specimensIn(isFramed: boolean): OpenFresh {
  return async ({ clock }) => {
    const purse = `purse ${made++}`;
    const image = await testImage();
    let last: Element | null = null;
    return {
      open: async () => {
        const opened = await page.purse({ purse, isFramed, image, clock });
        if (opened.ok) last = opened.value;
        return opened;
      },
      dispose: async () => last?.close(),
    };
  };
}

const ENVIRONMENTS = [
  { name: 'keys only, in a page', isFramed: false },
  { name: 'a virtual secure element, on an origin of its own', isFramed: true },
];

describe.skipIf(skipChromium).each(ENVIRONMENTS)('$name', ({ name, isFramed }) => {
  it('runs the very image that every environment runs (TS-IMG-4)', async () => {
    const image = await testImage();
    const element = unwrap(await page.purse({ purse: 'measured', isFramed, image }));
    const measurement = toHex(await element.measurement());
    process.stdout.write(`${name}: measurement ${measurement}\n`);
    expect(measurement).toBe(toHex(sha256(image.code)));
    await element.close();
  });

  for (const check of checksFor(['clock', 'ed25519'])) {
    it(`${check.name} (${check.clause})`, async () => {
      await expect(check.run(specimensIn(isFramed))).resolves.toBeUndefined();
    });
  }
});
