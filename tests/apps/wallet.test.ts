import { skipChromium } from '@tallystick/tre/testing/chromium';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsOn } from './accessibility.ts';
import { Office } from './office.ts';
import { Phone } from './phone.ts';

const PIN = '2468';
const NEXT_PIN = '13579';
/** Two browsers and two cameras share the machine with other tests. */
const PATIENCE_MS = 240_000;

let office: Office;
let ada: Phone;
let ben: Phone;

beforeAll(async () => {
  if (skipChromium) return;
  office = await Office.open();
  [ada, ben] = await Promise.all([
    Phone.open(office.report.wallet),
    Phone.open(office.report.wallet),
  ]);
});

afterAll(async () => {
  if (skipChromium) return;
  await office.close();
  await Promise.all([ada.close(), ben.close()]);
});

/** The terms of the supply equation of the whole scheme. */
async function supply(): Promise<unknown> {
  const { items } = (await office.read('/v1/public/supply')) as {
    readonly items: readonly { readonly participant: string | null }[];
  };
  return items.find(({ participant }) => participant === null);
}

/** One pays what the other asks for, with nothing between them but screens and cameras. */
async function payByCamera(
  payer: Phone,
  payee: Phone,
  digits: string,
  shown: string,
): Promise<void> {
  await payee.go('Get paid');
  await payee.type(digits);
  await payee.press('Show my code');
  await payer.go('Pay');
  payer.watch(payee);
  await payer.see(`Pay ${shown}?`);
  await payer.press(`Pay ${shown}`);
  payee.watch(payer);
  await payee.see(`${shown} received`);
  await payer.see(`${shown} paid`);
  await Promise.all([payer.lookAway(), payee.lookAway()]);
  for (const each of [payer, payee]) await each.press('Done');
}

describe.skipIf(skipChromium)('two phones', () => {
  test(
    'get a purse each, filled from an account',
    async () => {
      await ada.see('Your bank');
      expect(await violationsOn(ada.page)).toEqual([]);
      await Promise.all([ada.enrol(PIN), ben.enrol(PIN)]);
      for (const phone of [ada, ben]) {
        for (const says of ['€500.00', '€400.00', '€100.00 can be paid right now']) {
          await phone.see(says);
        }
      }
      await expect
        .poll(supply, { timeout: 30_000 })
        .toMatchObject({ balances: { amount: '20000' }, inFlight: { amount: '0' } });
    },
    PATIENCE_MS,
  );

  test(
    'pay each other by camera, with no network from a cold start on',
    async () => {
      await office.stop();
      await Promise.all([ada.restart(), ben.restart()]);
      await payByCamera(ada, ben, '1250', '€12.50');
      await payByCamera(ben, ada, '300', '€3.00');
      for (const [phone, says] of [
        [ada, '€90.50 can be paid right now'],
        [ben, '€109.50 can be paid right now'],
      ] as const) {
        await phone.see(says);
        expect(await phone.text()).toContain('A private purse');
      }
    },
    PATIENCE_MS,
  );

  test(
    'and either has a proof of it that anybody can check',
    async () => {
      for (const phone of [ada, ben]) {
        const lines = (await phone.proofOfLast()).split('\n');
        expect(lines.map((line) => line.split(' ', 2).join(' '))).toEqual(
          Array.from({ length: 2 }, () => 'tallystick inspect'),
        );
        for (const line of lines) expect(await office.run(line)).toContain('verified: ');
      }
    },
    PATIENCE_MS,
  );

  test(
    'and the books balance when the network is back',
    async () => {
      await office.start();
      for (const phone of [ada, ben]) await phone.page.reload();
      await ada.see('€490.50');
      await ben.see('€509.50');
      await expect.poll(supply, { timeout: 60_000 }).toMatchObject({
        balances: { amount: '20950' },
        inFlight: { amount: '0' },
        loss: { amount: '0' },
        balanced: true,
      });
    },
    PATIENCE_MS,
  );

  test.each(['light', 'dark'] as const)(
    'can be used by whoever cannot see or point: every screen, %s',
    async (colorScheme) => {
      await ada.page.emulateMedia({ colorScheme });
      for (const place of [
        '',
        'pay',
        'receive',
        'history',
        'money',
        'settings',
        'pin',
        'history/none',
      ]) {
        await ada.page.goto(`${office.report.wallet}#/${place}`);
        await ada.page.locator('h1').waitFor();
        expect([place, await violationsOn(ada.page)]).toEqual([place, []]);
      }
      await ada.page.goto(`${office.report.wallet}#/`);
      // What finds nothing must be able to find something.
      await ada.page.evaluate("document.body.append(document.createElement('button'))");
      expect(await violationsOn(ada.page)).not.toEqual([]);
      await ada.page.reload();
    },
    PATIENCE_MS,
  );

  test(
    'bring money back to the bank, and keep what is left',
    async () => {
      await ben.go('Purse and bank');
      await ben.press('Bring money to the bank');
      await ben.type('4950');
      await ben.press('Bring money to the bank');
      await ben.see('€49.50 went to the bank.');
      await ben.press('Done');
      expect(await ben.page.getByLabel('Keep filled up to').inputValue()).toBe('6000');
      await ben.page.goto(`${office.report.wallet}#/`);
      await ben.see('€449.50');
    },
    PATIENCE_MS,
  );

  test(
    'lock, and open for the right PIN only',
    async () => {
      await ada.go('More');
      await ada.go('Change the PIN');
      await ada.page.getByLabel('Your PIN').fill(PIN);
      for (const label of ['New PIN', 'The same PIN again']) {
        await ada.page.getByLabel(label).fill(NEXT_PIN);
      }
      await ada.press('Change the PIN');
      await ada.see('The PIN is changed.');
      await ada.go('Back');
      await ada.press('Lock this purse');
      const pin = ada.page.getByLabel('Your PIN');
      await pin.fill(PIN);
      await ada.press('Unlock');
      await ada.see('That was not it');
      expect(await ada.text()).toContain('4 more tries');
      await pin.fill(NEXT_PIN);
      await ada.press('Unlock');
      await ada.see(/^On this phone$/);
    },
    PATIENCE_MS,
  );

  test(
    'have one purse each, whatever is opened beside it, in whichever language',
    async () => {
      const second = await ben.another();
      await second.getByText('It is open in another tab or window.').waitFor();
      await second.close();
      await ben.go('More');
      await ben.page.getByLabel('Language').selectOption('ar');
      await expect
        .poll(() =>
          ben.page.evaluate('[document.documentElement.lang, document.documentElement.dir].join()'),
        )
        .toBe('ar,rtl');
      await ben.page.reload();
      await ben.see('محفظة');
    },
    PATIENCE_MS,
  );
});
