import { readFile } from 'node:fs/promises';
import { skipChromium } from '@tallystick/tre/testing/chromium';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsOn } from './accessibility.ts';
import { Desk } from './desk.ts';
import { Office } from './office.ts';
import { makeFork, type Street } from './street.ts';

/** A browser and a backend share the machine with other tests. */
const PATIENCE_MS = 240_000;

let office: Office;
let desk: Desk;
let street: Street;
let token: string;

beforeAll(async () => {
  if (skipChromium) return;
  office = await Office.open();
  token = (await readFile(office.report.operatorTokenFile, 'utf8')).trim();
  street = await makeFork(office);
  desk = await Desk.open(office.report.console);
}, PATIENCE_MS);

afterAll(async () => {
  if (skipChromium) return;
  await office.close();
  await desk.close();
});

/** What a machine with the token is told. */
async function operator<T>(path: string): Promise<T> {
  const headers = { authorization: `Bearer ${token}` };
  return (await (await fetch(`${office.report.url}${path}`, { headers })).json()) as T;
}

interface Overview {
  readonly statusList: { readonly version: number; readonly revoked: number };
}

describe.skipIf(skipChromium)('the console', () => {
  test(
    'has the first member of staff register a passkey by the operator token, then sign in with that',
    async () => {
      expect(await violationsOn(desk.page)).toEqual([]);
      await desk.registerFirst(token, 'Vera Lind');
      await desk.press('Sign out');
      await desk.see('For those who run this backend.');
      // The token is of use to machines, and to nobody who comes second.
      expect(await desk.page.getByLabel('Operator token').count()).toBe(0);
      await desk.signIn();
      await desk.at('Overview');
      await desk.see('Vera Lind');
    },
    PATIENCE_MS,
  );

  test(
    'shows the supply equation, and how the scheme stands',
    async () => {
      await desk.visit();
      await desk.see('Whole scheme');
      const whole = desk.page.getByRole('row', { name: /^Whole scheme/ });
      expect((await whole.innerText()).split(/\s+/).slice(2)).toEqual([
        '€100.00',
        '€0.00',
        '€0.00',
        '€100.00',
        '€0.00',
        'Balances',
      ]);
      await desk.see('Version 2 with 1 revoked certificate');
      await desk.press('Run the audit');
      await desk.see(/^Agrees: \d+ facts and \d+ payments were looked at\.$/);
    },
    PATIENCE_MS,
  );

  test(
    'shows a payment with both halves',
    async () => {
      await desk.visit('payments');
      await desk.at('Payments');
      await desk.page.locator(`a[href$="payments/${street.payment}"]`).click();
      await desk.at('Payment');
      for (const half of [
        "Payer's half",
        "Payee's half",
        "A receipt is in the payee's proven log",
      ]) {
        await desk.see(half);
      }
      const said = await desk.text();
      for (const purse of [street.culprit, street.shop]) expect(said).toContain(purse);
    },
    PATIENCE_MS,
  );

  test(
    'shows a fork as two branches of one log, with the signature of each',
    async () => {
      await desk.visit('forks');
      await desk.at('Forks');
      await desk.page.locator('tbody th a').click();
      await desk.at('Fork');
      await desk.see(`Purse ${street.culprit} signed two different records at position 4`);
      await desk.see('One log up to position 3');
      const branches = desk.page.locator('.branch');
      expect(await branches.count()).toBe(2);
      const said = await branches.allInnerTexts();
      const signatures = said.map((text) => /[0-9a-f]{128}/.exec(text)?.[0]);
      expect(new Set(signatures).size).toBe(2);
      expect(signatures).not.toContain(undefined);
      const payees = said.map((text) => /Payee\s+([0-9a-f]{16})/.exec(text)?.[1]);
      expect(new Set(payees).size).toBe(2);
      expect(payees).toContain(street.shop);
    },
    PATIENCE_MS,
  );

  test(
    'finds a purse, and revokes it by keyboard alone',
    async () => {
      const before = await operator<Overview>('/v1/overview');
      const { keyboard } = desk.page;
      await desk.visit();
      await desk.at('Overview');
      await desk.page.reload();
      await desk.at('Overview');
      await keyboard.press('Tab');
      // From the title on: the way round is through the browser, back to the top of the page.
      for (let presses = 0; presses < 60 && !(await isOn(desk, 'Search')); presses++) {
        await keyboard.press('Tab');
      }
      await keyboard.type('bob');
      await keyboard.press('Enter');
      await desk.at('Search');
      await tabTo(desk, new RegExp(street.shop));
      await keyboard.press('Enter');
      await desk.at('Purse');
      await tabTo(desk, /^Revoke this purse$/);
      await keyboard.press('Enter');
      await desk.at('Revoke a purse');
      await tabTo(desk, /^Reason/);
      await keyboard.press('s');
      await tabTo(desk, /^I have checked/);
      await keyboard.press('Space');
      await tabTo(desk, /^Revoke now$/);
      await keyboard.press('Enter');
      await desk.at('Purse');
      const { version, revoked } = before.statusList;
      await desk.see(`Revoked by list ${version + 1}`);
      expect(await operator<Overview>('/v1/overview')).toMatchObject({
        statusList: { version: version + 1, revoked: revoked + 1 },
      });
      expect(await operator(`/v1/purses/${street.shop}`)).toMatchObject({
        revokedAt: version + 1,
        reason: 'stolen',
      });
    },
    PATIENCE_MS,
  );

  test(
    'has who did it on record',
    async () => {
      await desk.visit('staff');
      await desk.at('Staff');
      const deed = desk.page.getByRole('row').filter({ hasText: 'POST /v1/revocations' });
      expect(await deed.innerText()).toContain('Vera Lind');
      expect(await deed.innerText()).toContain(street.shop);
    },
    PATIENCE_MS,
  );

  test(
    'shows what a policy would change before it is signed',
    async () => {
      await desk.visit('policy', 'propose');
      await desk.at('Propose a policy');
      await desk.page.getByLabel('One payment').first().fill('1.50');
      await desk.press('Compare with the policy in force');
      await desk.see('What policy 2 changes of policy 1');
      const [row = '', ...others] = await desk.page.locator('tbody tr').allInnerTexts();
      expect(others).toEqual([]);
      expect(row).toContain('€1.50');
      const { inForce } = await operator<Standing>('/v1/policies/current');
      expect(inForce.version).toBe(1);
      await desk.press('Sign and publish policy 2');
      await desk.at('Risk policy');
      await desk.see('Policy 2 is in force');
      const { inForce: next } = await operator<Standing>('/v1/policies/current');
      expect(next.tiers[0]?.paymentMax).toBe('150');
    },
    PATIENCE_MS,
  );

  test(
    'can be used by whoever does not see or point, in every room, light and dark',
    async () => {
      const { page } = desk;
      const [fork] = (await operator<{ items: { digest: string }[] }>('/v1/forks')).items;
      const rooms: readonly (readonly [string, ...string[]])[] = [
        ['Overview'],
        ['Payments', 'payments'],
        ['Payment', 'payments', street.payment],
        ['Forks', 'forks'],
        ['Fork', 'forks', fork?.digest ?? ''],
        ['Purses', 'purses'],
        ['Purse', 'purses', street.culprit],
        ['Revoke a purse', 'purses', street.culprit, 'revoke'],
        ['Risk policy', 'policy'],
        ['Propose a policy', 'policy', 'propose'],
        ['Participants', 'participants'],
        ['Lost devices', 'lost'],
        ['Images', 'images'],
        ['Staff', 'staff'],
        ['Search', 'search', 'nobody'],
        ['Record', 'facts', street.payment],
      ];
      for (const [title, ...path] of rooms) {
        await desk.visit(...path);
        await desk.at(title);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect([title, colorScheme, await violationsOn(page)]).toEqual([title, colorScheme, []]);
        }
      }
    },
    // Each room is looked through twice.
    2 * PATIENCE_MS,
  );

  test(
    'says so when there is nothing, and when nobody is signed in any more',
    async () => {
      await desk.visit('purses', '0123456789abcdef');
      await desk.see('There is nothing with that id.');
      await desk.page.context().clearCookies();
      await desk.visit('forks');
      await desk.see('For those who run this backend.');
      await desk.signIn();
      // Back where the address says.
      await desk.at('Forks');
      expect(new URL(desk.page.url()).hash).toBe('#/forks');
    },
    PATIENCE_MS,
  );
});

interface Standing {
  readonly inForce: {
    readonly version: number;
    readonly tiers: readonly { readonly paymentMax: string }[];
  };
}

/** What has focus, by its name. */
function focused(on: Desk): Promise<string> {
  return on.page.evaluate(NAME_OF_FOCUSED) as Promise<string>;
}

async function isOn(at: Desk, name: string): Promise<boolean> {
  return (await focused(at)) === name;
}

/** Presses Tab until what has focus is called so. */
async function tabTo(at: Desk, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (name.test(await focused(at))) return;
    await at.page.keyboard.press('Tab');
  }
  throw new Error(`nothing that Tab reaches is called ${String(name)}`);
}

const NAME_OF_FOCUSED = `(() => {
  const element = document.activeElement;
  const label = element?.getAttribute('aria-label') ?? element?.closest('label')?.innerText;
  return (label ?? element?.innerText ?? '').trim();
})()`;
