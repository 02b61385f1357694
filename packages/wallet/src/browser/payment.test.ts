import { skipChromium } from '@tallystick/tre/testing/chromium';
import { Origin } from '@tallystick/tre/testing/origin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Booth } from '../testing/browser/booth.ts';
import { pageFiles } from '../testing/browser/site.ts';

let origin: Origin;
let payer: Booth;
let payee: Booth;

beforeAll(async () => {
  if (skipChromium) return;
  origin = await Origin.start('127.0.0.1');
  origin.serve(await pageFiles());
  [payer, payee] = await Promise.all([Booth.withCamera(origin.url), Booth.withCamera(origin.url)]);
  await payer.allowCamera();
  await payee.allowCamera();
});

afterAll(async () => {
  if (skipChromium) return;
  await Booth.closeAll([payer, payee]);
  await origin.stop();
});

describe.skipIf(skipChromium)('two browsers, each with a screen and a camera', () => {
  test('make a whole payment by three codes, and nothing else passes between them (INV-FINAL)', async () => {
    await payer.ask('openPurse', 'ada', 'ALPHSESS', '2000');
    await payee.ask('openPurse', 'bo', 'BETASESS', '0');
    payer.watch(payee);
    payee.watch(payer);
    expect([await payer.ask('openCamera'), await payee.ask('openCamera')]).toEqual([null, null]);
    const paying = payer.ask('pay');
    const earning = payee.ask('getPaid', '1250');
    expect(await paying).toBe('paid');
    // Whoever stands at the till ends it once the receipt was scanned.
    await payee.ask('endContact');
    expect(await earning).toBe('1250');
    expect([await payer.ask('balance'), await payee.ask('balance')]).toEqual(['750', '1250']);
    expect([await payee.ask('shown'), await payer.ask('shown')]).toEqual([
      [
        { kind: 1, parts: 1 },
        { kind: 3, parts: 1 },
      ],
      [{ kind: 2, parts: 1 }],
    ]);
  });
});
