import type { Frame } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { LOADED, Pair, yes } from '../testing/pair.ts';
import { EUR, START, World } from '../testing/world.ts';
import { type Fault, type FaultHook, memoryPair } from '../transport/index.ts';
import type { Accepted } from './accept.ts';
import type { Confirm, Question } from './holder.ts';
import { answerDoubts, getPaid } from './payee.ts';
import { pay, resolve } from './payer.ts';

const pin = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

const kinds = (frames: readonly Frame[]): number[] => frames.map(({ kind }) => kind);

/** Loses everything from that frame on. */
const cutAt =
  (at: number): FaultHook =>
  (_, index) =>
    index >= at ? 'cut' : 'deliver';

describe('a payment between two devices (TS-SES-1)', () => {
  test('takes one message each way, and leaves no alarm behind', async () => {
    const pair = await Pair.fresh();
    const { paid, received, frames } = await pair.tap(1_200n);
    expect(paid).toMatchObject({
      ok: true,
      value: { state: 'paid', amount: 1_200n, cause: null },
    });
    expect(received).toMatchObject({ ok: true, value: { amount: 1_200n, isNew: true } });
    expect(kinds(frames)).toEqual([1, 2, 3]);
    expect(await pair.balances()).toEqual([LOADED - 1_200n, 1_200n]);
    expect(pair.world.timer.alarms).toBe(0);
  });

  test('the payee hears of the money before the contact is over', async () => {
    const pair = await Pair.fresh();
    const { a, b } = memoryPair();
    const events: string[] = [];
    const payee = getPaid(pair.payee, b, {
      currency: EUR,
      amount: 5n,
      onAccepted: ({ amount }) => events.push(`accepted ${amount}`),
    }).then(() => events.push('over'));
    await pair.world.timer.run(Promise.all([pay(pair.payer, a, yes), payee]));
    expect(events).toEqual(['accepted 5', 'over']);
  });

  test('an earlier payment that was torn comes in during a later demand, and pays nothing of it', async () => {
    const pair = await Pair.fresh();
    const torn = await pair.tap(40n, { fault: cutAt(1) });
    if (!torn.paid.ok) throw new Error(torn.paid.error.code);
    const { a, b } = memoryPair();
    const came: unknown[] = [];
    const demand = {
      currency: EUR,
      amount: 40n,
      onAccepted: ({ amount }: Accepted, isForThis: boolean) => came.push([amount, isForThis]),
    };
    const [again, received] = await pair.world.timer.run(
      Promise.all([
        resolve(pair.payer, a, torn.paid.value.paymentId, 'retry'),
        getPaid(pair.payee, b, demand),
      ]),
    );
    expect(again).toMatchObject({ ok: true, value: { state: 'paid' } });
    expect(came).toEqual([[40n, false]]);
    expect(received.ok).toBe(false);
    const next = memoryPair();
    await pair.world.timer.run(
      Promise.all([pay(pair.payer, next.a, yes), getPaid(pair.payee, next.b, demand)]),
    );
    expect(came).toEqual([
      [40n, false],
      [40n, true],
    ]);
  });

  test('the certificate travels once; a payee that forgot it asks for it again', async () => {
    const pair = await Pair.fresh();
    const first = await pair.tap(10n);
    const second = await pair.tap(10n);
    pair.restart('payee');
    const third = await pair.tap(10n);
    const certificates = [first, second, third].map(({ frames }) =>
      frames.flatMap((frame) => (frame.kind === 2 ? [frame.certificate !== null] : [])),
    );
    expect(certificates).toEqual([[true], [false], [false, true]]);
    expect(third.frames.flatMap((frame) => (frame.kind === 8 ? [frame.code] : []))).toEqual([
      'UNKNOWN_CERTIFICATE',
    ]);
    expect(third.paid).toMatchObject({ ok: true, value: { state: 'paid' } });
    expect(await pair.balances()).toEqual([LOADED - 30n, 30n]);
  });
});

describe('what the payee refuses', () => {
  test.each([
    ['', (): Fault => 'deliver'],
    [', even if the link repeats every frame', (): Fault => 'duplicate'],
  ])('is voided and taken back in the same contact%s', async (_, fault) => {
    const world = new World();
    const ada = await world.device('ada', { load: 20_000n });
    const bo = await world.device('bo', { participant: 1, load: 45_000n });
    const { a, b } = memoryPair(fault);
    ada.holderConfirms = true;
    const [paid, received] = await world.timer.run(
      Promise.all([
        pay(world.parts(ada), a, async () => ({ approve: true, assertHolder: true })),
        getPaid(world.parts(bo), b, { currency: EUR, amount: 8_000n }),
      ]),
    );
    expect(paid).toMatchObject({
      ok: true,
      value: {
        state: 'takenBack',
        cause: { code: 'PEER_REFUSED', reason: 'OVER_BALANCE_CEILING' },
      },
    });
    expect(received).toMatchObject({ ok: false, error: { code: 'OVER_BALANCE_CEILING' } });
    expect(await world.parts(ada).payments.doubts()).toEqual([]);
    // Nobody had to wait for a timeout.
    expect(world.timer.now()).toBe(START);
  });
});

describe('the holder', () => {
  test('is asked once, with what the certificate says', async () => {
    const pair = await Pair.fresh();
    const questions: Question[] = [];
    await pair.tap(300n, {
      confirm: async (question) => {
        questions.push(question);
        return { approve: true };
      },
    });
    expect(questions).toEqual([
      { displayName: 'Bakery', amount: 300n, currency: EUR, inDoubt: 0n, again: null },
    ]);
  });

  test('declines: nothing moves, and the payee is told at once and no more than that', async () => {
    const pair = await Pair.fresh();
    const { paid, received } = await pair.tap(300n, { confirm: async () => ({ approve: false }) });
    expect(paid).toMatchObject({ ok: false, error: { code: 'DECLINED' } });
    expect(received).toMatchObject({
      ok: false,
      error: { code: 'PEER_REFUSED', reason: 'DECLINED' },
    });
    const tooMuch = await pair.tap(10_001n);
    expect(tooMuch.paid).toMatchObject({ ok: false, error: { code: 'OVER_PAYMENT_LIMIT' } });
    expect(tooMuch.received).toMatchObject({ ok: false, error: { reason: 'DECLINED' } });
    expect(pair.world.timer.now()).toBe(START);
    expect(await pair.balances()).toEqual([LOADED, 0n]);
  });

  test('chooses the amount where the payee leaves it open, and must choose one', async () => {
    const pair = await Pair.fresh();
    const chosen = await pair.tap(null, {
      confirm: async () => ({ approve: true, amount: 250n }),
    });
    expect(chosen.received).toMatchObject({ ok: true, value: { amount: 250n } });
    for (const [approval, code] of [
      [{ approve: true }, 'BAD_AMOUNT'],
      [{ approve: true, amount: 0n }, 'BAD_AMOUNT'],
      [{ approve: true, amount: -1n }, 'BAD_AMOUNT'],
      [{ approve: true, amount: 2n ** 60n }, 'AMOUNT_OVERFLOW'],
    ] as const) {
      const { paid } = await pair.tap(null, { confirm: async () => approval });
      expect(paid).toMatchObject({ ok: false, error: { code } });
    }
    const other = await pair.tap(9n, { confirm: async () => ({ approve: true, amount: 8n }) });
    expect(other.paid).toMatchObject({ ok: false, error: { code: 'WRONG_AMOUNT' } });
  });

  test('is asked again for a PIN, and not for ever', async () => {
    const world = new World();
    const ada = await world.device('ada', { load: 14_000n, pin: pin('2468') });
    const bo = await world.device('bo', { participant: 1 });
    const tap = async (pins: (Uint8Array | undefined)[]): Promise<[string, (string | null)[]]> => {
      const { a, b } = memoryPair();
      const reasons: (string | null)[] = [];
      const confirm: Confirm = async ({ again }) => {
        reasons.push(again);
        const typed = pins.shift();
        return typed === undefined ? { approve: true } : { approve: true, pin: typed };
      };
      const [paid] = await world.timer.run(
        Promise.all([
          pay(world.parts(ada), a, confirm),
          getPaid(world.parts(bo), b, { currency: EUR, amount: 6_000n }),
        ]),
      );
      return [paid.ok ? paid.value.state : paid.error.code, reasons];
    };
    expect(await tap([undefined, pin('1111'), pin('2468')])).toEqual([
      'paid',
      [null, 'PIN_REQUIRED', 'PIN_WRONG'],
    ]);
    const [code, reasons] = await tap([]);
    expect(code).toBe('DECLINED');
    expect(reasons).toHaveLength(6);
  });
});

describe('an earlier payment in doubt to the same payee (TS-PAY-10)', () => {
  test('is voided first, and the holder pays once', async () => {
    const pair = await Pair.fresh();
    await pair.tap(1_000n, { fault: cutAt(1) });
    const { paid, frames } = await pair.tap(400n);
    expect(paid).toMatchObject({ ok: true, value: { state: 'paid', amount: 400n } });
    expect(kinds(frames)).toEqual([1, 4, 5, 2, 3]);
    expect(await pair.balances()).toEqual([LOADED - 400n, 400n]);
  });

  test('for the very same request is shown again, and not paid twice', async () => {
    const pair = await Pair.fresh();
    const { a, b } = memoryPair(cutAt(1));
    const offers: Uint8Array[] = [];
    const payee = getPaid(pair.payee, watched(b, offers), { currency: EUR, amount: 1_000n });
    await pair.world.timer.run(Promise.all([pay(pair.payer, a, yes), payee]));
    // The payee still shows the same code.
    const again = memoryPair();
    let asked = 0;
    const paying = pay(pair.payer, again.a, async () => {
      asked += 1;
      return { approve: true };
    });
    await again.b.send(offers[0]!);
    const [paid] = await pair.world.timer.run(
      Promise.all([paying, answerDoubts(pair.payee, again.b)]),
    );
    expect(paid).toMatchObject({ ok: true, value: { state: 'paid', amount: 1_000n } });
    expect(asked).toBe(0);
    expect(await pair.balances()).toEqual([LOADED - 1_000n, 1_000n]);
  });

  test('that cannot be cleared up stops a new one, unless the holder says so', async () => {
    const pair = await Pair.fresh();
    await pair.tap(1_000n, { fault: cutAt(1) });
    // The payee answers nothing about old payments.
    const mute: FaultHook = (_, index) => (index >= 1 && index <= 3 ? 'drop' : 'deliver');
    const stopped = await pair.tap(400n, { fault: mute });
    expect(stopped.paid).toMatchObject({ ok: false, error: { code: 'PAYMENT_IN_DOUBT' } });
    const doubts: bigint[] = [];
    const { paid } = await pair.tap(400n, {
      fault: mute,
      confirm: async ({ inDoubt }) => {
        doubts.push(inDoubt);
        return { approve: true, despiteDoubt: true };
      },
    });
    expect(doubts).toEqual([1_000n]);
    expect(paid).toMatchObject({ ok: true, value: { state: 'paid' } });
    expect(await pair.audit()).toEqual([]);
    expect(await pair.doubts()).toHaveLength(1);
  });
});

function watched<T extends { send(frame: Uint8Array): Promise<void> }>(
  transport: T,
  sent: Uint8Array[],
): T {
  return {
    ...transport,
    send: async (frame: Uint8Array) => {
      sent.push(frame);
      await transport.send(frame);
    },
  };
}

test('requests expire, and a payer does not ask its holder about an expired one', async () => {
  const pair = await Pair.fresh();
  const sent: Uint8Array[] = [];
  const { a, b } = memoryPair();
  const payee = getPaid(pair.payee, watched(b, sent), { currency: EUR, amount: 5n });
  await pair.world.timer.run(Promise.all([payee, a.receive().then(() => a.close())]));
  pair.world.pass(301);
  const late = memoryPair();
  await late.b.send(sent[0]!);
  const paid = await pair.world.timer.run(
    pay(pair.payer, late.a, () => Promise.reject(new Error('the holder was asked'))),
  );
  expect(paid).toMatchObject({ ok: false, error: { code: 'REQUEST_EXPIRED' } });
});
