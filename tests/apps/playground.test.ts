import { readFile } from 'node:fs/promises';
import { skipChromium } from '@tallystick/tre/testing/chromium';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsOn } from './accessibility.ts';
import { FILLED } from './phone.ts';
import { type OnDevice, Tabletop } from './tabletop.ts';
import { Office } from './office.ts';

const ADA = 'Ada’s phone';
const BEN = 'Ben’s phone';
const SHOP = 'The shop’s till';
const HOLD = `Hold ${ADA} to ${BEN}`;
/** Two phones and a bank share the machine with other tests. */
const PATIENCE_MS = 240_000;

let office: Office;
let table: Tabletop;
let ada: OnDevice;
let ben: OnDevice;
let shop: OnDevice;

beforeAll(async () => {
  if (skipChromium) return;
  office = await Office.open();
  table = await Tabletop.open(office.report.playground);
  [ada, ben, shop] = [table.on(ADA), table.on(BEN), table.on(SHOP)];
});

afterAll(async () => {
  if (skipChromium) return;
  await office.close();
  await table.close();
});

/** The terms of the supply equation of the whole scheme. */
async function supply(): Promise<unknown> {
  const { items } = (await office.read('/v1/public/supply')) as {
    readonly items: readonly { readonly participant: string | null }[];
  };
  return items.find(({ participant }) => participant === null);
}

/** What operators read. */
async function asOperator(path: string): Promise<unknown> {
  const token = (await readFile(office.report.operatorTokenFile, 'utf8')).trim();
  const response = await fetch(`${office.report.url}${path}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return response.json();
}

async function payFive(): Promise<void> {
  await ben.ask('500');
  await table.press(HOLD);
  await ada.see('Pay €5.00?');
  await ada.press('Pay €5.00');
  await ben.see('€5.00 received');
  await ada.see('€5.00 paid');
  for (const each of [ada, ben]) await each.press('Done');
}

describe.skipIf(skipChromium)('the tour of the playground', () => {
  test(
    'begins with two purses',
    async () => {
      await table.press('Start the tour');
      await table.see('Open two purses');
      for (const phone of [ada, ben]) await phone.enrol();
      await table.see('Done.');
      expect(await table.wire()).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'takes the network away for real',
    async () => {
      await table.press('Next');
      for (const device of [ADA, BEN]) await table.setNetwork(device, false);
      await table.see('Done.');
      await expect(fetch(office.report.wallet)).rejects.toThrow('fetch failed');
      await ada.see('No network');
    },
    PATIENCE_MS,
  );

  test(
    'has one phone pay the other, in three messages that it shows',
    async () => {
      await table.press('Next');
      await ben.ask('500');
      await table.press(HOLD);
      await table.see('Done.');
      await ada.see('Pay €5.00?');
      await table.press('Next');
      await ada.press('Pay €5.00');
      await ben.see('€5.00 received');
      await ada.see('€5.00 paid');
      await table.see('Done.');
      expect((await table.wire()).map((line) => line.replace(/\d+ bytes$/, 'bytes'))).toEqual([
        `receipt from ${BEN} to ${ADA} bytes`,
        `payment €5.00 from ${ADA} to ${BEN} bytes`,
        `request €5.00 from ${BEN} to ${ADA} bytes`,
      ]);
      for (const each of [ada, ben]) await each.press('Done');
      await ada.see('€95.00 can be paid right now');
      await ben.see('€105.00 can be paid right now');
    },
    PATIENCE_MS,
  );

  test(
    'tears a tap, and says so on the phone that cannot know',
    async () => {
      await table.press('Next');
      await table.see('Three messages');
      await table.press('Next');
      await table.page.getByLabel('Tear the next tap').selectOption('receipt');
      await ben.ask('300');
      await table.press(HOLD);
      await ada.press('Pay €3.00');
      await ben.see('€3.00 received');
      await ada.see('Not confirmed yet');
      await table.see('Done.');
      expect((await table.wire())[0]).toContain('torn: it never arrived');
      for (const each of [ada, ben]) await each.press('Done');
      await ada.see('€3.00 are on their way');
    },
    PATIENCE_MS,
  );

  test(
    'clears everything up when the network is back',
    async () => {
      await table.press('Next');
      for (const device of [BEN, ADA]) await table.setNetwork(device, true);
      await table.see('Done.');
      await expect.poll(supply, { timeout: 60_000 }).toMatchObject({
        balances: { amount: '20800' },
        inFlight: { amount: '0' },
        loss: { amount: '0' },
        balanced: true,
      });
      await ada.see('€492.00');
      await ben.see('€508.00');
      // The bank fills up what was spent; what the network was cut off from would come later.
      await ada.see(FILLED);
    },
    PATIENCE_MS,
  );

  test(
    'has a copy of a phone spend twice: who was paid before refuses, and the bank proves the other',
    async () => {
      await table.press('Next');
      await shop.openTill();
      for (const device of [ADA, BEN, SHOP]) await table.setNetwork(device, false);
      await table.lookAtThreats(ADA);
      await table.press('Copy its memory');
      await ada.see(/^On this phone$/);
      await payFive();
      await table.press('Put the copy back');
      await table.see('Done.');
      await ada.see(FILLED);
      await ben.ask('500');
      await table.press(HOLD);
      await ada.see('Pay €5.00?');
      await ada.press('Pay €5.00');
      await ada.see('Nothing was paid');
      expect(await table.wire()).toContainEqual(
        expect.stringContaining(`refusal REVOKED from ${BEN} to ${ADA}`),
      );
      await ada.press('Done');
      await shop.charge('700', '€7.00');
      await table.press(`Hold ${ADA} to the shop’s till`);
      await ada.see('Pay €7.00?');
      expect(await ada.text()).toContain('Kiosk, Till 1');
      await ada.press('Pay €7.00');
      await shop.see('The money is the shop’s now.');
      await table.press('Next');
      for (const device of [BEN, SHOP, ADA]) await table.setNetwork(device, true);
      await expect
        .poll(() => asOperator('/v1/forks'), { timeout: 60_000 })
        .toMatchObject({ items: [{}] });
    },
    PATIENCE_MS,
  );

  test.each(['light', 'dark'] as const)(
    'can be taken by whoever cannot see or point, %s',
    async (colorScheme) => {
      await table.page.emulateMedia({ colorScheme });
      expect(await violationsOn(table.page)).toEqual([]);
    },
    PATIENCE_MS,
  );
});
