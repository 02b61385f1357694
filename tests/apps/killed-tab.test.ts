import { setTimeout } from 'node:timers/promises';
import { skipChromium } from '@tallystick/tre/testing/chromium';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dice } from '../crash/dice.ts';
import { type OnDevice, Tabletop } from './tabletop.ts';
import { Office } from './office.ts';

/** Payments in which a tab or the browser is killed; more for a long run, by `CRASH_ROUNDS=100 CRASH_SEED=7`. */
const ROUNDS = Number.parseInt(process.env.CRASH_ROUNDS ?? '4', 10);
const SEED = Number.parseInt(process.env.CRASH_SEED ?? '1', 10);
/** A kill comes this long after a step of a payment at the latest: the whole of it takes about that. */
const AFTER_MS_MAX = 900;
/** So many payments without any network, then a while with one. */
const OFFLINE_ROUNDS = 5;
const [ADA, BEN] = ['Ada’s phone', 'Ben’s phone'] as const;
/** Both accounts, and what was in both purses, in minor units. */
const ALL = 1_000_00;

/** After which step of a payment. */
const STEPS = ['asked', 'held', 'approved'] as const;
type Step = (typeof STEPS)[number];
const VICTIMS = ['payer', 'payee', 'browser'] as const;

let office: Office;
let table: Tabletop;

beforeAll(async () => {
  if (skipChromium) return;
  office = await Office.open();
  table = await Tabletop.open(office.report.playground);
});

afterAll(async () => {
  if (skipChromium) return;
  await office.close();
  await table.close();
});

const dice = new Dice(SEED);

/** A payment of one, in which something is killed at some moment. */
async function payAndKill(payer: string, payee: string): Promise<string> {
  const [step, victim] = [dice.pick(STEPS), dice.pick(VICTIMS)];
  const wait = dice.roll(AFTER_MS_MAX);
  for (const each of [payer, payee]) await table.on(each).goHome();
  const came = await payUpTo(step, table.on(payer), table.on(payee));
  await setTimeout(wait);
  if (victim === 'browser') await table.restart();
  else await table.restartTab(victim === 'payer' ? payer : payee);
  return `${victim} killed ${wait} ms after ${came}`;
}

/** Resolves with how far it came: a payer that may not pay just then, such as for what is in doubt, says why. */
async function payUpTo(step: Step, payer: OnDevice, payee: OnDevice): Promise<string> {
  await payee.ask('100');
  if (step === 'asked') return step;
  const hold = (): Promise<void> => table.press(`Hold ${ADA} to ${BEN}`);
  await hold();
  if (step === 'held') return step;
  const refused = await payer.pressUnless(/^(Pay €1\.00|Pay all the same)$/, 'Done', hold);
  return refused === null ? step : `"${refused}"`;
}

/** Gives both a network, and waits until nothing is in doubt. Then everything that there ever was must be there. */
async function settle(story: readonly string[]): Promise<void> {
  for (const device of [ADA, BEN]) {
    await table.on(device).goHome();
    await table.setNetwork(device, true);
  }
  await expect
    .poll(async () => `${await totals()} ${JSON.stringify(await supply())}`, {
      timeout: 120_000,
      interval: 1_000,
      message: story.join('; '),
    })
    .toContain(`${ALL} {"inFlight":"0","loss":"0","balanced":true}`);
}

/** What both phones say that there is: in purses, and at the bank. */
async function totals(): Promise<number> {
  let sum = 0;
  for (const device of [ADA, BEN]) {
    const said = /Your money €([\d.,]+)/.exec(await table.on(device).text())?.[1] ?? '0';
    sum += Math.round(Number(said.replace(',', '')) * 100);
  }
  return sum;
}

async function supply(): Promise<object> {
  const { items } = (await office.read('/v1/public/supply')) as {
    readonly items: readonly {
      readonly participant: string | null;
      readonly inFlight: { readonly amount: string };
      readonly loss: { readonly amount: string };
      readonly balanced: boolean;
    }[];
  };
  const whole = items.find(({ participant }) => participant === null);
  return {
    inFlight: whole?.inFlight.amount,
    loss: whole?.loss.amount,
    balanced: whole?.balanced,
  };
}

describe.skipIf(skipChromium)('wallets whose tabs are killed', () => {
  test(
    `lose nothing in ${ROUNDS} payments, at whichever step it happens (INV-FINAL, INV-ONCE)`,
    async () => {
      for (const device of [ADA, BEN]) await table.on(device).enrol();
      const story: string[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        if (round % OFFLINE_ROUNDS === 0) {
          await settle(story);
          for (const device of [ADA, BEN]) await table.setNetwork(device, false);
        }
        const [payer, payee] = dice.roll(2) === 0 ? [ADA, BEN] : [BEN, ADA];
        story.push(await payAndKill(payer, payee));
        if (process.env.CRASH_ROUNDS !== undefined) process.stdout.write(`${round + 1}\n`);
      }
      await settle(story);
      expect(await office.run('tallystick audit')).toContain('It agrees with what is stored');
      process.stdout.write(`${ROUNDS} payments, seed ${SEED}: ${story.join('; ')}\n`);
    },
    120_000 + ROUNDS * 60_000,
  );
});
