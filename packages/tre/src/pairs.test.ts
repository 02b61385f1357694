import { sha256, toHex } from '@tallystick/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bench } from './conformance/bench.ts';
import type { ExaminedPurse } from './conformance/purse.ts';
import { directorySpecimens, TESTED, type TestedEnvironment } from './testing/environments.ts';
import { testImage } from './testing/image.ts';

/** An environment with a purse that pays and one that is paid. */
interface Side {
  readonly bench: Bench;
  readonly payer: ExaminedPurse;
  readonly payee: ExaminedPurse;
}

const sides = new Map<string, Side>();
beforeAll(async () => {
  for (const environment of TESTED) {
    if (!environment.skip) sides.set(environment.name, await open(environment));
  }
});

afterAll(async () => {
  for (const { bench } of sides.values()) await bench.dispose();
});

/** Every test scheme is the same one: whoever is certified in one bench is known in all. */
async function open(environment: TestedEnvironment): Promise<Side> {
  const bench = new Bench(directorySpecimens(environment));
  const payer = await bench.purse();
  await payer.load(500n);
  return { bench, payer, payee: await bench.purse({ participant: 1 }) };
}

function sideOf(name: string): Side {
  const side = sides.get(name);
  if (side === undefined) throw new Error(`${name} was not started`);
  return side;
}

describe('one trusted application in every environment', () => {
  describe.each(TESTED)('$name', ({ name, skip }) => {
    it.skipIf(skip)('runs the same measured image (TS-IMG-4)', async () => {
      const expected = toHex(sha256((await testImage()).code));
      const measurement = toHex(await sideOf(name).payer.element.measurement());
      process.stdout.write(`${name.padEnd(14)} measurement ${measurement}\n`);
      expect(measurement).toBe(expected);
    });
  });
});

const pairs = TESTED.flatMap((payer) => TESTED.map((payee) => ({ payer, payee })));

describe.each(pairs)('$payer.name pays $payee.name', ({ payer: from, payee: to }) => {
  it.skipIf(from.skip || to.skip)('in full: request, payment, receipt (INV-FINAL)', async () => {
    const { payer } = sideOf(from.name);
    const { payee } = sideOf(to.name);
    const [before, held] = [await payer.status(), await payee.status()];
    const request = await payee.request(7n);
    const { message, id } = await payer.pay(request, payee);
    const { message: receipt } = await payee.receive(message, request, payer);
    if (receipt === null) throw new Error('a receipt was wanted');
    await payer.get({ kind: 8, receipt, certificate: payee.certificate }, 0);
    const after = await payer.status();
    expect(after.balance).toBe(before.balance - 7n);
    expect((await payee.status()).balance).toBe(held.balance + 7n);
    expect(after.open.find((each) => toHex(each.id) === toHex(id))?.accepted).toBe(true);
  });
});
