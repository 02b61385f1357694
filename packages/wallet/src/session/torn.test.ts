import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOADED, Pair } from '../testing/pair.ts';
import type { Fault, FaultHook } from '../transport/index.ts';

/** The link breaks at the frame of that index, which is lost. */
const cutAt =
  (at: number): FaultHook =>
  (_, index) =>
    index >= at ? 'cut' : 'deliver';

const dropAt =
  (at: number): FaultHook =>
  (_, index) =>
    index === at ? 'drop' : 'deliver';

/** Asks about everything in doubt over a link that works, and expects it all to be known then. */
async function clearUp(pair: Pair, how: 'retry' | 'void'): Promise<readonly string[]> {
  const states: string[] = [];
  for (const id of await pair.doubts()) {
    const resolved = await pair.resolve(id, how);
    states.push(resolved.ok ? resolved.value.state : resolved.error.code);
  }
  expect(await pair.doubts()).toEqual([]);
  expect(await pair.audit()).toEqual([]);
  return states;
}

describe('a torn tap ends with exactly one of the two (INV-TORN)', () => {
  test.each([
    // The offer was lost: no debit at all.
    { at: 0, first: 'LINK_ENDED', retry: [], voided: [] },
    // The payment was lost: a retry brings it, a void takes it back.
    { at: 1, first: 'inDoubt', retry: ['paid'], voided: ['takenBack'] },
    // The receipt was lost: the money is the payee's whatever is asked for.
    { at: 2, first: 'inDoubt', retry: ['paid'], voided: ['paid'] },
    // Everything came across.
    { at: 3, first: 'paid', retry: [], voided: [] },
  ])('cut at frame $at', async ({ at, first, retry, voided }) => {
    for (const how of ['retry', 'void'] as const) {
      const pair = await Pair.fresh();
      const { paid } = await pair.tap(1_000n, { fault: cutAt(at) });
      expect(paid.ok ? paid.value.state : paid.error.code).toBe(first);
      expect(await pair.audit()).toEqual([]);
      expect(await clearUp(pair, how)).toEqual(how === 'retry' ? retry : voided);
    }
  });

  test('one lost frame after the offer is shown again, and nothing is in doubt', async () => {
    for (const at of [1, 2]) {
      const pair = await Pair.fresh();
      const { paid, received } = await pair.tap(1_000n, { fault: dropAt(at) });
      expect(paid).toMatchObject({ ok: true, value: { state: 'paid' } });
      expect(received).toMatchObject({ ok: true, value: { amount: 1_000n } });
      expect(await pair.balances()).toEqual([LOADED - 1_000n, 1_000n]);
    }
  });

  test('the resolution itself is cut at every frame, in every way, and repeated', async () => {
    for (const tornAt of [1, 2]) {
      for (const how of ['retry', 'void'] as const) {
        for (let at = 0; at < 3; at++) {
          const pair = await Pair.fresh();
          await pair.tap(1_000n, { fault: cutAt(tornAt) });
          const [id] = await pair.doubts();
          for (let times = 0; times < 2; times++) await pair.resolve(id!, how, cutAt(at));
          expect(await pair.audit()).toEqual([]);
          await clearUp(pair, 'retry');
        }
      }
    }
  });

  test('a lasting doubt is reported with its cause, and survives restarts of both', async () => {
    const pair = await Pair.fresh();
    const { paid, received } = await pair.tap(1_000n, { fault: cutAt(2) });
    expect(paid).toMatchObject({
      ok: true,
      value: { state: 'inDoubt', amount: 1_000n, receipt: null, cause: { code: 'LINK_ENDED' } },
    });
    expect(received).toMatchObject({ ok: true });
    pair.restart('payer');
    pair.restart('payee');
    expect(await clearUp(pair, 'void')).toEqual(['paid']);
  });

  test('resolving what is resolved says how it ended', async () => {
    const pair = await Pair.fresh();
    await pair.tap(1_000n, { fault: cutAt(1) });
    const [id] = await pair.doubts();
    await pair.resolve(id!, 'void');
    const again = await pair.resolve(id!, 'retry');
    expect(again).toMatchObject({ ok: true, value: { state: 'takenBack', amount: 1_000n } });
    await pair.tap(700n, { fault: cutAt(2) });
    const [other] = await pair.doubts();
    await pair.resolve(other!, 'void');
    const settled = await pair.resolve(other!, 'void');
    expect(settled).toMatchObject({ ok: true, value: { state: 'paid', amount: 700n } });
    const unknown = await pair.resolve(new Uint8Array(32), 'void');
    expect(unknown).toMatchObject({ ok: false, error: { code: 'NOT_OPEN' } });
  });
});

describe('power cuts', () => {
  for (const who of ['payer', 'payee'] as const) {
    test(`the ${who} loses power at every step, before it and after it`, async () => {
      const whole = await Pair.fresh();
      await whole.tap(1_000n);
      const { steps } = who === 'payer' ? whole.ada.power : whole.bo.power;
      expect(steps).toBeGreaterThan(3);
      const states = new Set<string>();
      for (let step = 0; step < steps; step++) {
        for (const at of ['before', 'after'] as const) {
          const pair = await Pair.fresh();
          const { power } = who === 'payer' ? pair.ada : pair.bo;
          power.stepsLeft = step;
          power.at = at;
          const { paid } = await pair.tap(1_000n);
          states.add(paid.ok ? paid.value.state : paid.error.code);
          pair.restart(who);
          expect(await pair.audit()).toEqual([]);
          await clearUp(pair, step % 2 === 0 ? 'retry' : 'void');
        }
      }
      expect(states).toContain('inDoubt');
    });
  }

  test('the payer loses power at every step of a resolution', async () => {
    const whole = await Pair.fresh();
    await whole.tap(1_000n, { fault: cutAt(1) });
    const before = whole.ada.power.steps;
    await whole.resolve((await whole.doubts())[0]!, 'void');
    const steps = whole.ada.power.steps - before;
    for (let step = 0; step < steps; step++) {
      for (const at of ['before', 'after'] as const) {
        const pair = await Pair.fresh();
        await pair.tap(1_000n, { fault: cutAt(1) });
        const [id] = await pair.doubts();
        pair.ada.power.stepsLeft = step;
        pair.ada.power.at = at;
        await pair.resolve(id!, 'void');
        pair.restart('payer');
        expect(await pair.audit()).toEqual([]);
        await clearUp(pair, 'void');
      }
    }
  });
});

describe('random schedules', () => {
  const fate = fc.constantFrom<Fault | 'damage'>(
    'deliver',
    'deliver',
    'drop',
    'duplicate',
    'cut',
    'damage',
  );
  const contact = fc.record({
    kind: fc.constantFrom('tap', 'retry', 'void'),
    amount: fc.bigInt({ min: 1n, max: 900n }),
    fates: fc.array(fate, { maxLength: 12 }),
    damageAt: fc.nat(400),
    restart: fc.constantFrom(null, null, 'payer', 'payee'),
    powerStep: fc.option(fc.nat(20), { freq: 4 }),
  });

  test('whatever is lost, repeated or damaged: the money ends with one, and both find out', async () => {
    const seen = { tap: 0, doubts: 0, paid: 0, takenBack: 0 };
    const schedule = fc.asyncProperty(
      fc.array(contact, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('retry', 'void'),
      async (contacts, how) => {
        const pair = await Pair.fresh();
        for (const { kind, amount, fates, damageAt, restart, powerStep } of contacts) {
          const fault: FaultHook = (frame, index) => {
            const each = fates[index] ?? 'deliver';
            if (each !== 'damage') return each;
            const at = damageAt % frame.length;
            frame[at] = (frame[at] ?? 0) ^ 0x10;
            return frame;
          };
          if (powerStep !== null) pair.ada.power.stepsLeft = powerStep;
          const [id] = kind === 'tap' ? [] : await pair.doubts();
          if (id === undefined) await pair.tap(amount, { fault });
          else await pair.resolve(id, kind === 'retry' ? 'retry' : 'void', fault);
          seen.tap += 1;
          pair.ada.power.stepsLeft = null;
          if (!pair.ada.power.isOn) pair.restart('payer');
          if (restart !== null) pair.restart(restart);
          expect(await pair.audit()).toEqual([]);
        }
        seen.doubts += (await pair.doubts()).length;
        for (const state of await clearUp(pair, how)) {
          if (state === 'paid' || state === 'takenBack') seen[state] += 1;
        }
      },
    );
    await fc.assert(schedule, { seed: 20_261, numRuns: 150 });
    // The schedules must have torn something, or they have shown nothing.
    expect(Math.min(seen.doubts, seen.paid, seen.takenBack)).toBeGreaterThan(5);
  });
});
