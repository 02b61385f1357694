import { readFile } from 'node:fs/promises';
import { skipChromium } from '@tallystick/tre/testing/chromium';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsOn } from './accessibility.ts';
import { Office } from './office.ts';
import { Phone } from './phone.ts';

const CASHIER = '1357';
/** Two browsers and two cameras share the machine with other tests. */
const PATIENCE_MS = 240_000;
const NAME = 'Kiosk Norr, Till 1';

let office: Office;
let till: Phone;
let ada: Phone;

beforeAll(async () => {
  if (skipChromium) return;
  office = await Office.open();
  [till, ada] = await Promise.all([
    Phone.open(office.report.terminal),
    Phone.open(office.report.wallet),
  ]);
});

afterAll(async () => {
  if (skipChromium) return;
  await office.close();
  await Promise.all([till.close(), ada.close()]);
});

async function at(phone: Phone, place: string): Promise<void> {
  const { terminal, wallet } = office.report;
  await phone.page.goto(`${phone === till ? terminal : wallet}#/${place}`);
}

/** Goes to a place that only cashiers get to. */
async function pastGate(place: string): Promise<void> {
  // What was opened before asks again, since it was left.
  await at(till, '');
  await at(till, place);
  await till.page.getByLabel('Cashier’s PIN').fill(CASHIER);
  await till.press('Go on');
  await till.page.getByLabel('Cashier’s PIN').waitFor({ state: 'detached' });
}

/** Where the keyboard is. */
async function tabTo(name: string): Promise<void> {
  const MOST_STOPS = 40;
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await till.page.keyboard.press('Tab');
    if ((await till.page.evaluate('document.activeElement.textContent')) === name) return;
  }
  throw new Error(`the keyboard does not get to "${name}"`);
}

/** Ada pays what the till shows, and either hears of it. */
async function payAtTill(shown: string): Promise<void> {
  await till.see('Show this to the customer');
  await ada.go('Pay');
  ada.watch(till);
  await ada.see(`Pay ${shown}?`);
  expect(await ada.text()).toContain(NAME);
  await ada.press(`Pay ${shown}`);
  till.watch(ada);
  await till.see('The money is the shop’s now.');
  await ada.see(`${shown} paid`);
  await Promise.all([till.lookAway(), ada.lookAway()]);
  await ada.press('Done');
}

/** The figures of the report that is on the screen, a row each. */
async function figures(): Promise<unknown> {
  const rows = await till.page.locator('.figures tbody tr').allInnerTexts();
  return rows.map((row) => row.split(/\s*\t\s*/));
}

async function supply(): Promise<unknown> {
  const { items } = (await office.read('/v1/public/supply')) as {
    readonly items: readonly { readonly participant: string | null }[];
  };
  return items.find(({ participant }) => participant === null);
}

interface Account {
  readonly acceptancePoint: string | null;
  readonly balance: { readonly amount: string };
}

/** What is on the account of the till's acceptance point, as the operators see it. */
async function account(): Promise<unknown> {
  const { url, operatorTokenFile } = office.report;
  const token = (await readFile(operatorTokenFile, 'utf8')).trim();
  const response = await fetch(`${url}/v1/accounts`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { items } = (await response.json()) as { readonly items: readonly Account[] };
  return items.find(({ acceptancePoint }) => acceptancePoint === NAME)?.balance.amount;
}

describe.skipIf(skipChromium)('a till and a phone', () => {
  test(
    'are set up: the till by a shop, which is told what is missing',
    async () => {
      await till.see('The shop’s bank');
      expect(await violationsOn(till.page)).toEqual([]);
      await till.press('Open the till');
      for (const says of ['Give the shop a name.', 'Use at least four digits.'])
        await till.see(says);
      expect(await violationsOn(till.page)).toEqual([]);
      await till.page.getByLabel('Name of the shop').fill('Kiosk Norr');
      await till.page.getByLabel('A PIN for cashiers').fill(CASHIER);
      await till.page.getByLabel('The same PIN again').fill(CASHIER);
      await till.press('Open the till');
      await Promise.all([till.see(NAME), ada.enrol('2468')]);
      await till.untilKept();
      await expect
        .poll(supply, { timeout: 30_000 })
        .toMatchObject({ balances: { amount: '20000' }, inFlight: { amount: '0' } });
    },
    PATIENCE_MS,
  );

  test(
    'sell a basket, with nothing but a keyboard at the till',
    async () => {
      const { keyboard } = till.page;
      await tabTo('1');
      await keyboard.type('350');
      await tabTo('Add to the list');
      await keyboard.press('Enter');
      await keyboard.press('Shift+Tab');
      await keyboard.type('999');
      await tabTo('Add to the list');
      await keyboard.press('Enter');
      await till.page.getByRole('button', { name: 'Remove €9.99' }).focus();
      await keyboard.press('Enter');
      await till.page.getByRole('button', { name: '1', exact: true }).focus();
      await keyboard.type('275');
      await tabTo('Charge €6.25');
      await keyboard.press('Enter');
      await payAtTill('€6.25');
      expect(await violationsOn(till.page)).toEqual([]);
      await tabTo('Next customer');
      await keyboard.press('Enter');
      await till.see('All settled');
    },
    PATIENCE_MS,
  );

  test(
    'sell with no network from a cold start on, by request and by the code on the counter',
    async () => {
      await office.stop();
      await Promise.all([till.restart(), ada.restart()]);
      await till.type('300');
      await till.press('Charge €3.00');
      await payAtTill('€3.00');
      await till.press('Next customer');

      await till.go('Counter code');
      await till.see('Hold the customer’s payment before the camera.');
      await ada.go('Pay');
      ada.watch(till);
      await ada.see('How much?');
      await ada.type('200');
      await ada.press('Pay €2.00');
      await ada.see('It is paid when their screen says so.');
      till.watch(ada);
      await till.see('€2.00 paid');
      await ada.lookAway();

      // Her phone still shows that payment, which must not take the next request off the screen.
      await at(till, '');
      await till.type('100');
      await till.press('Charge €1.00');
      await till.see('That payment is not for this sale.');
      expect(await till.page.getByRole('img', { name: 'Request for €1.00' }).count()).toBe(1);
      await till.lookAway();
      await till.go('Cancel');
      await till.press('Clear all');
      await ada.press('Done');

      await at(till, 'queue');
      await till.see('+€3.00');
      expect(await till.text()).toMatch(/Payments 2 Sum €5\.00/);
    },
    PATIENCE_MS,
  );

  test(
    'pay back a part of a sale, for a cashier only, and no more than is left of it',
    async () => {
      await at(till, 'sales');
      await till.page.locator('.list a', { hasText: '+€6.25' }).click();
      await till.go('Refund');
      const pin = till.page.getByLabel('Cashier’s PIN');
      await pin.fill('0000');
      await till.press('Go on');
      await till.see('That was not it.');
      await pin.fill(CASHIER);
      await till.press('Go on');
      // More than the sale cannot be typed; all of it is what is offered.
      await till.press('9');
      await till.see('Pay back €6.25');
      for (let digit = 0; digit < 3; digit++) await till.press('Erase a digit');
      await till.type('400');
      await till.press('Pay back €4.00');

      await ada.go('Get paid');
      await ada.type('500');
      await ada.press('Show my code');
      till.watch(ada);
      await till.see('The customer asks for €5.00, and the refund is €4.00.');
      await at(ada, '');
      await ada.go('Get paid');
      await ada.type('400');
      await ada.press('Show my code');
      await till.see('Let them scan it.');
      ada.watch(till);
      await ada.see('€4.00 received');
      await till.see('€4.00 paid back');
      await Promise.all([till.lookAway(), ada.lookAway()]);
      await ada.press('Done');
      await till.press('Done');

      expect(await till.text()).toContain('May still be paid back €2.25');
      await till.page.locator('.list a', { hasText: '-€4.00' }).click();
      await till.see('Refund of');
      await till.page.locator('.list a', { hasText: '+€6.25' }).click();
      await till.see('Refunds of this sale');
      await till.go('Refund');
      await till.page.getByLabel('Cashier’s PIN').fill(CASHIER);
      await till.press('Go on');
      await till.see('At most €2.25');
    },
    PATIENCE_MS,
  );

  test(
    'have a report that tells what waits, and agrees with the bank when the network is back',
    async () => {
      await pastGate('report');
      expect(await figures()).toEqual([
        ['Sales', '3', '€11.25'],
        ['Refunds', '1', '-€4.00'],
        ['Net', '4', '€7.25'],
        ['In the bank’s books', '1', '€6.25'],
        ['Not settled yet', '3', '€1.00'],
      ]);
      await office.start();
      // A refund is settled once the bank knows of its customer's receipt: the customer is online first.
      await at(ada, '');
      await ada.page.reload();
      await ada.see('€492.75');
      await at(till, '');
      await till.page.reload();
      await till.see('All settled');
      await pastGate('report');
      expect(await figures()).toEqual([
        ['Sales', '3', '€11.25'],
        ['Refunds', '1', '-€4.00'],
        ['Net', '4', '€7.25'],
        ['In the bank’s books', '4', '€7.25'],
        ['Not settled yet', '0', '€0.00'],
      ]);
      const link = till.page.getByRole('link', { name: 'Save as a table (CSV)' });
      const [, table = ''] = ((await link.getAttribute('href')) ?? '').split(',', 2);
      const rows = decodeURIComponent(table).trim().split('\r\n').slice(1);
      const cells = rows.map((row) => row.split(','));
      expect(cells.map(([, , , kind, amount, , state, by]) => [kind, amount, state, by])).toEqual([
        ['sale', '6.25', 'settled', 'request'],
        ['sale', '3.00', 'settled', 'request'],
        ['sale', '2.00', 'settled', 'counter-code'],
        ['refund', '-4.00', 'settled', 'request'],
      ]);
      expect(cells[3]?.[9]).toBe(cells[0]?.[8]);
      await expect.poll(supply, { timeout: 60_000 }).toMatchObject({
        inFlight: { amount: '0' },
        loss: { amount: '0' },
        balanced: true,
      });
    },
    PATIENCE_MS,
  );

  test(
    'bring the takings to the bank: what the report calls sales is on the account',
    async () => {
      expect(await account()).toBe('50000');
      await pastGate('takings');
      await till.see('€11.25');
      await till.press('Bring the takings to the bank');
      await till.see('€11.25 went to the shop’s account.');
      expect(await account()).toBe('51125');
    },
    PATIENCE_MS,
  );

  test.each(['light', 'dark'] as const)(
    'can be used by whoever cannot see or point: every screen, %s',
    async (colorScheme) => {
      await till.page.emulateMedia({ colorScheme });
      for (const place of [
        '',
        'charge',
        'counter',
        'queue',
        'sales',
        'sales/none',
        'refund/none',
        'report',
        'takings',
        'pin',
        'more',
      ]) {
        await at(till, place);
        await till.page.locator('h1').waitFor();
        expect([place, await violationsOn(till.page)]).toEqual([place, []]);
      }
      for (const place of ['report', 'takings']) {
        await pastGate(place);
        expect([place, await violationsOn(till.page)]).toEqual([place, []]);
      }
      await at(till, 'sales');
      await till.page.locator('.list a', { hasText: '+€6.25' }).click();
      await till.see('Refunds of this sale');
      expect(await violationsOn(till.page)).toEqual([]);
      await at(till, '');
      await till.type('100');
      await till.press('Add to the list');
      expect(await violationsOn(till.page)).toEqual([]);
      await till.press('Charge €1.00');
      await till.see('Show this to the customer');
      expect(await violationsOn(till.page)).toEqual([]);
      await till.page.reload();
      await till.page.locator('h1').waitFor();
    },
    PATIENCE_MS,
  );

  test(
    'have one till each, another PIN for another cashier, and the language of whoever sells',
    async () => {
      const second = await till.another();
      await second.getByText('It is open in another tab or window.').waitFor();
      await second.close();
      await at(till, 'pin');
      await till.page.getByLabel('The PIN of now').fill(CASHIER);
      for (const label of ['New PIN', 'The same PIN again']) {
        await till.page.getByLabel(label).fill('24680');
      }
      await till.press('Change the PIN');
      await till.see('The PIN is changed.');
      await at(till, 'report');
      await till.page.getByLabel('Cashier’s PIN').fill(CASHIER);
      await till.press('Go on');
      await till.see('That was not it.');
      await at(till, 'more');
      await till.page.getByLabel('Language').selectOption('ar');
      await expect
        .poll(() =>
          till.page.evaluate(
            '[document.documentElement.lang, document.documentElement.dir].join()',
          ),
        )
        .toBe('ar,rtl');
      await at(till, '');
      await till.see('سُوّي كل شيء');
    },
    PATIENCE_MS,
  );
});
