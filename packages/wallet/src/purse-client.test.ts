import { encodeCbor } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { PurseClient } from './purse-client.ts';
import { EUR, World } from './testing/world.ts';

const pin = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('an element that fails', () => {
  const answering = (execute: () => Promise<Uint8Array>): PurseClient =>
    new PurseClient({
      execute,
      readLog: () => Promise.reject(new Error('the disk is gone')),
      measurement: async () => new Uint8Array(32),
      close: async () => {},
    });

  test.each([
    ['is gone', () => Promise.reject(new Error('no power'))],
    ['answers nonsense', async () => Uint8Array.of(0xff)],
    ['answers with another kind of value', async () => encodeCbor('hello')],
    ['answers another command', async () => encodeCbor([0])],
  ])('%s', async (_, execute) => {
    const status = await answering(execute).status();
    expect(status).toMatchObject({ ok: false, error: { code: 'ELEMENT_FAILED' } });
  });

  test('has lost its log', async () => {
    const entries = await answering(async () => encodeCbor([0])).readLog(1, 2);
    expect(entries).toMatchObject({
      ok: false,
      error: {
        code: 'ELEMENT_FAILED',
        message: expect.stringContaining('the disk is gone') as string,
      },
    });
  });
});

describe('the commands that no session needs', () => {
  test('set a PIN, lock, and unlock', async () => {
    const world = new World();
    const purse = new PurseClient(await world.device('ada', { load: 10n }));
    expect(await purse.lock()).toMatchObject({ ok: false, error: { code: 'PIN_REQUIRED' } });
    expect(await purse.setPin(null, pin('1234'))).toEqual({ ok: true, value: undefined });
    expect((await purse.lock()).ok).toBe(true);
    const order = { currency: EUR, amount: 1n, expires: world.timer.now(), isStatic: false };
    expect(await purse.request(order)).toMatchObject({ ok: false, error: { code: 'LOCKED' } });
    expect(await purse.unlock(pin('0000'))).toMatchObject({
      ok: false,
      error: { code: 'PIN_WRONG' },
    });
    expect((await purse.unlock(pin('1234'))).ok).toBe(true);
    expect((await purse.request(order)).ok).toBe(true);
    expect(await purse.setPin(null, pin('4321'))).toMatchObject({
      error: { code: 'PIN_REQUIRED' },
    });
    expect((await purse.setPin(pin('1234'), pin('4321'))).ok).toBe(true);
  });

  test('set the time back by the root’s order', async () => {
    const world = new World();
    const purse = new PurseClient(await world.device('ada'));
    const { scheme } = world.backend;
    const floor = scheme.policy.issuedAt - 60;
    const reset = scheme.signByRoot([13, 1, floor]);
    expect(await purse.resetTime(reset)).toEqual({ ok: true, value: undefined });
    expect(await purse.status()).toMatchObject({ ok: true, value: { floor } });
  });

  test('an amount that is none is refused before the element is asked', async () => {
    const world = new World();
    const device = await world.device('ada');
    const order = { currency: EUR, amount: 0n, expires: world.timer.now(), isStatic: false };
    device.power.stepsLeft = 0;
    expect(await new PurseClient(device).request(order)).toMatchObject({
      ok: false,
      error: { code: 'BAD_AMOUNT' },
    });
    expect(device.power.isOn).toBe(true);
  });
});
