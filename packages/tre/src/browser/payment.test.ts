import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '@tallystick/protocol';
import { Bench } from '../conformance/bench.ts';
import type { ExaminedPurse } from '../conformance/purse.ts';
import { PLAIN_PROCESS } from '../plain-process/index.ts';
import { skipChromium } from '../testing/browser/chromium.ts';
import { BrowserLab, purseWith } from '../testing/browser/lab.ts';
import { directorySpecimens, tested } from '../testing/environments.ts';
import { payOnce } from '../testing/payment-story.ts';

const FRAMED = 'virtual secure element in a browser';
const IN_PAGE = 'keys only in a browser';
const PAIRS = [
  [FRAMED, IN_PAGE],
  [IN_PAGE, FRAMED],
  [FRAMED, PLAIN_PROCESS],
  [PLAIN_PROCESS, FRAMED],
  [IN_PAGE, PLAIN_PROCESS],
  [PLAIN_PROCESS, IN_PAGE],
] as const;

let lab: BrowserLab;
let bench: Bench;
const purses = new Map<string, ExaminedPurse>();

/** Every test scheme is the same one: whoever is certified in one bench is known in all. */
beforeAll(async () => {
  if (skipChromium) return;
  lab = await BrowserLab.start();
  bench = new Bench(directorySpecimens(tested(PLAIN_PROCESS)));
  bench.now = null;
  const page = await lab.page();
  purses.set(FRAMED, await purseWith(page, { purse: 'paying', isFramed: true }, 500n));
  purses.set(IN_PAGE, await purseWith(page, { purse: 'paying', isFramed: false }, 500n));
  const plain = await bench.purse({ participant: 1 });
  await plain.load(500n);
  purses.set(PLAIN_PROCESS, plain);
});

afterAll(async () => {
  if (skipChromium) return;
  await bench.dispose();
  await lab.stop();
});

function purseOf(name: string): ExaminedPurse {
  const purse = purses.get(name);
  if (purse === undefined) throw new Error(`${name} was not opened`);
  return purse;
}

describe.skipIf(skipChromium).each(PAIRS)('%s pays %s', (from, to) => {
  it('in full: request, payment, receipt (INV-FINAL)', async () => {
    const [payer, payee] = [purseOf(from), purseOf(to)];
    const [before, held] = [await payer.status(), await payee.status()];
    await payOnce({ payer, payee, replies: [] }, 7n);
    const after = await payer.status();
    expect(after.balance).toBe(before.balance - 7n);
    expect((await payee.status()).balance).toBe(held.balance + 7n);
    expect(after.open.filter(({ accepted }) => accepted).length).toBe(
      before.open.filter(({ accepted }) => accepted).length + 1,
    );
    expect(toHex(await payer.element.measurement())).toBe(toHex(await payee.element.measurement()));
  });
});
