import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { skipChromium } from '@tallystick/tre/testing/chromium';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsOn } from '../apps/accessibility.ts';
import { freePorts, Office } from '../apps/office.ts';
import { Phone } from '../apps/phone.ts';
import { openAccount } from './account.ts';

const PROGRAM = fileURLToPath(new URL('../../examples/page/serve.ts', import.meta.url));
const ACCOUNT = '0a'.repeat(16);
/** The page's, and its element's. */
const PORTS = 2;
/** Two browsers and two cameras share the machine with other tests. */
const PATIENCE_MS = 240_000;

let office: Office;
let child: ChildProcess;
let shop: Phone;
let customer: Phone;

beforeAll(async () => {
  if (skipChromium) return;
  office = await Office.open();
  await openAccount(office.report.url, ACCOUNT, 'Corner shop');
  const trust = join(office.folder, 'data', 'trust.json');
  const port = await freePorts(PORTS);
  const args = ['--no-warnings', PROGRAM, office.report.url, trust, String(port)];
  child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('it says nothing');
  const [address] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  [shop, customer] = await Promise.all([
    Phone.open(`${address.trim()}/#${ACCOUNT}`),
    Phone.open(office.report.wallet),
  ]);
  await customer.enrol('2468');
}, PATIENCE_MS);

afterAll(async () => {
  if (skipChromium) return;
  child.kill('SIGKILL');
  await Promise.all([shop.close(), customer.close(), office.close()]);
});

describe.skipIf(skipChromium)('the page', () => {
  test(
    'is paid by camera by a wallet, without a network',
    async () => {
      await shop.see('Ready, with or without a network.');
      expect(await violationsOn(shop.page)).toEqual([]);
      await office.stop();
      await shop.press('Charge 3.50');
      await customer.go('Pay');
      customer.watch(shop);
      await customer.see('Pay €3.50?');
      expect(await customer.text()).toContain('Corner shop');
      await customer.press('Pay €3.50');
      shop.watch(customer);
      await shop.see('Paid. Show the receipt to the customer.');
      await customer.see('€3.50 paid');
    },
    PATIENCE_MS,
  );
});
