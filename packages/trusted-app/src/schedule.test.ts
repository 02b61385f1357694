import { ED25519, ES256, toHex } from '@tallystick/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, testScheme } from './testing/index.ts';
import { type Fault, Market, type Name, NAMES, NO_FAULT } from './testing/market.ts';

/**
 * Random schedules of three purses, with cuts, torn and failing commits, wrong beacons, resets and
 * renewals anywhere. The books throw when INV-SUPPLY, INV-ONCE or INV-TORN is broken on the way.
 */

const scheme = testScheme();

type Action = (market: Market) => void;
type Deal = Market['deals'][number];

const name = fc.constantFrom<Name>(...NAMES);
const pair = fc.shuffledSubarray<Name>([...NAMES], { minLength: 2, maxLength: 2 });
const amount = fc.bigInt(1n, 3_000n);
const fault: fc.Arbitrary<Fault> = fc.record({
  cut: fc.integer({ min: 0, max: 26 }).map((at) => (at > 8 ? null : at)),
  tears: fc.boolean(),
  storageFails: fc.integer({ min: 0, max: 9 }).map((each) => each === 0),
});

/** Acts on one of the last payments. */
const onDeal = (act: (market: Market, deal: Deal, how: Fault) => void): fc.Arbitrary<Action> =>
  fc.tuple(fc.nat(20), fault).map(([back, how]) => (market: Market) => {
    const recent = market.deals.slice(-4);
    const deal = recent[back % Math.max(recent.length, 1)];
    if (deal !== undefined) act(market, deal, how);
  });

/**
 * Some of the steps that together would break a promise if a rule was missing, in order: time that
 * goes wrong, closes payments and is put right; answers that time makes the payee forget.
 */
const plots: readonly ((market: Market, deal: Deal, how: Fault) => void)[][] = [
  [
    (market, { to }, how) => market.beacon(to, true, how),
    (market, { to }, how) => market.sync(to, true, how),
    (market, deal, how) => market.close(deal, how),
    (market, { to }, how) => market.resetTime(to, how),
    (market, deal, how) => market.deliver(deal, how),
    (market, deal, how) => market.askVoid(deal, how),
    (market, deal, how) => market.bringAnswer(deal, how),
  ],
  [
    (market, deal, how) => market.deliver(deal, how),
    (market) => market.passTime(3 * DAY),
    (market, { to }, how) => market.beacon(to, false, how),
    (market, { to }, how) => market.sync(to, false, how),
    (market, deal, how) => market.askVoid(deal, how),
    (market, deal, how) => market.bringAnswer(deal, how),
  ],
  [
    (market, { to }, how) => market.renew(to, ED25519, how),
    (market, deal, how) => market.deliver(deal, how),
    (market, { from }, how) => market.renew(from, ES256, how),
    (market, deal, how) => market.retry(deal, how),
    (market, deal, how) => market.bringAnswer(deal, how),
  ],
];
const plot: fc.Arbitrary<Action> = fc
  .constantFrom(...plots)
  .chain((steps) => fc.subarray(steps, { minLength: steps.length - 2 }))
  .chain((steps) => fc.tuple(fc.constant(steps), pair, amount, fault, fc.nat(steps.length)))
  .map(([steps, [from, to], sum, how, at]) => (market: Market) => {
    const before = market.deals.length;
    market.pay(from!, to!, sum, NO_FAULT);
    const deal = market.deals.at(-1);
    if (deal === undefined || market.deals.length === before) return;
    steps.forEach((step, index) => step(market, deal, index === at ? how : NO_FAULT));
  });

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: plot },
  {
    weight: 3,
    arbitrary: fc.tuple(name, amount, fault).map(([who, sum, how]) => (market: Market) => {
      market.load(who, sum, how);
    }),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(pair, amount, fault).map(([[from, to], sum, how]) => (market: Market) => {
      market.pay(from!, to!, sum, how);
    }),
  },
  { weight: 7, arbitrary: onDeal((market, deal, how) => market.deliver(deal, how)) },
  { weight: 3, arbitrary: onDeal((market, deal, how) => market.askVoid(deal, how)) },
  { weight: 6, arbitrary: onDeal((market, deal, how) => market.bringAnswer(deal, how)) },
  { weight: 2, arbitrary: onDeal((market, deal, how) => market.retry(deal, how)) },
  { weight: 2, arbitrary: onDeal((market, deal, how) => market.close(deal, how)) },
  {
    weight: 1,
    arbitrary: fc.tuple(name, amount, fault).map(([who, sum, how]) => (market: Market) => {
      market.unload(who, sum, how);
    }),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(name, fc.boolean(), fault).map(([who, loses, how]) => (market: Market) => {
      market.sync(who, loses, how);
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(name, fc.constantFrom(ES256, ED25519), fault)
      .map(([who, alg, how]) => (market: Market) => {
        market.renew(who, alg, how);
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(name, fc.integer({ min: 0, max: 5 }), fault)
      .map(([who, wrong, how]) => (market: Market) => {
        market.beacon(who, wrong === 0, how);
      }),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(name, fault).map(([who, how]) => (market: Market) => {
      market.resetTime(who, how);
    }),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 60_000 }).map((seconds) => (market: Market) => {
      market.passTime(seconds);
    }),
  },
  {
    weight: 1,
    arbitrary: name.map((who) => (market: Market) => market.purses[who].restart()),
  },
);

describe('any schedule (INV-SUPPLY, INV-ONCE, INV-TORN)', () => {
  const seen = { settled: 0, restored: 0 };

  it('keeps every unit, and ends each payment with exactly one owner', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 30, maxLength: 80 }), (actions) => {
        const market = new Market(scheme);
        for (const name of NAMES) market.load(name, 4_000n, NO_FAULT);
        for (const act of actions) act(market);
        market.settleAll();
        market.books.check();
        for (const { id } of market.deals) {
          const { acceptedBy, restored } = market.books.entry(id!)!;
          const owners = acceptedBy.length + restored;
          if (owners !== 1) throw new Error(`${toHex(id!)} has ${owners} owners`);
          if (restored === 1) seen.restored++;
          else seen.settled++;
        }
      }),
      { numRuns: 40, seed: 20_260_921 },
    );
    // A world in which nothing happens would prove nothing.
    expect(seen.settled).toBeGreaterThan(50);
    expect(seen.restored).toBeGreaterThan(50);
  }, 300_000);
});
