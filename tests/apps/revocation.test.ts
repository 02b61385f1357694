import { readFile } from 'node:fs/promises';
import { skipChromium } from '@tallystick/tre/testing/chromium';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desk } from './desk.ts';
import { Office } from './office.ts';
import { type OnDevice, Tabletop } from './tabletop.ts';

const ADA = 'Ada’s phone';
const BEN = 'Ben’s phone';
const SHOP = 'The shop’s till';
/** As it is called within a line. */
const TILL = 'the shop’s till';
/** Two phones and a bank share the machine with other tests. */
const PATIENCE_MS = 240_000;

let office: Office;
let table: Tabletop;
let ada: OnDevice;
let ben: OnDevice;
let shop: OnDevice;
let desk: Desk;
/** Ada's purse, as the operator calls it. */
let purse: string;

beforeAll(async () => {
  if (skipChromium) return;
  office = await Office.open();
  table = await Tabletop.open(office.report.playground);
  [ada, ben, shop] = [table.on(ADA), table.on(BEN), table.on(SHOP)];
  const token = (await readFile(office.report.operatorTokenFile, 'utf8')).trim();
  await ada.enrol();
  purse = await onlyPurse(token);
  await ben.enrol();
  await shop.openTill();
  for (const device of [ADA, BEN]) await table.setNetwork(device, false);
  desk = await Desk.open(office.report.console);
  await desk.registerFirst(token, 'Vera Lind');
}, PATIENCE_MS);

afterAll(async () => {
  if (skipChromium) return;
  await office.close();
  await table.close();
  await desk.close();
});

async function onlyPurse(token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${office.report.url}/v1/purses`, { headers });
  const { items } = (await response.json()) as { readonly items: readonly { id: string }[] };
  if (items.length !== 1 || items[0] === undefined) throw new Error('there are other purses');
  return items[0].id;
}

/** Ada pays Ben five, as far as he lets her. */
async function payFive(said: string): Promise<void> {
  await ben.ask('500');
  await table.press(`Hold ${ADA} to ${BEN}`);
  await ada.see('Pay €5.00?');
  await ada.press('Pay €5.00');
  await ada.see(said);
  await ada.press('Done');
}

describe.skipIf(skipChromium)('a revocation at the console', () => {
  test(
    'changes nothing for two phones that have not heard of it',
    async () => {
      await desk.visit('purses', purse);
      await desk.at('Purse');
      await desk.go('Revoke this purse');
      await desk.at('Revoke a purse');
      await desk.page.getByLabel(/^Reason/).selectOption('stolen');
      await desk.page.getByLabel(/^I have checked/).check();
      await desk.press('Revoke now');
      await desk.see('Revoked by list 2');
      await payFive('€5.00 paid');
      expect(await table.wire()).not.toContainEqual(expect.stringContaining('refusal'));
      await ben.press('Done');
    },
    PATIENCE_MS,
  );

  test(
    'reaches a phone without a network through a till that had one',
    async () => {
      // It hears from the bank as the network comes back to it.
      for (const isOn of [false, true]) await table.setNetwork(SHOP, isOn);
      await shop.charge('100', '€1.00');
      await table.press(`Hold ${BEN} to ${TILL}`);
      await ben.see('Pay €1.00?');
      await ben.press('Pay €1.00');
      await shop.see('The money is the shop’s now.');
      await expect
        .poll(() => table.wire())
        .toContainEqual(expect.stringContaining(`newest revocations from ${TILL} to ${BEN}`));
      await ben.press('Done');
      await payFive('Nothing was paid');
      expect(await table.wire()).toContainEqual(
        expect.stringContaining(`refusal REVOKED from ${BEN} to ${ADA}`),
      );
    },
    PATIENCE_MS,
  );
});
