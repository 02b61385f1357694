import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSignedImage, sha256, toHex, unwrap } from '@tallystick/protocol';
import { COMMAND, encodeCommand, readReply } from '@tallystick/trusted-app';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEST_TRANSPORT } from '../testing/emulated-card.ts';
import { TEST_PUBLISHER, testImage } from '../testing/image.ts';
import { CHEAP_STRETCH } from '../testing/plain-specimen.ts';
import { Applet } from './applet.ts';
import { type CommandApdu, decodeResponse, encodeApdu, SW } from './apdu.ts';
import { CardChannel, selectApplet } from './channel.ts';
import { EmulatedChip } from './chip/chip.ts';
import { AID, HOLDER_PIN, INS, KEY_VERSION } from './contract.ts';
import type { CardLine } from './pcsc.ts';

let folder = '';
let chip: EmulatedChip;
let applet: Applet;
const none = new Uint8Array(0);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'applet-'));
  await powerOn();
});
afterEach(async () => {
  await chip.off();
  await rm(folder, { recursive: true });
});

async function powerOn(): Promise<void> {
  chip = await EmulatedChip.on({
    folder,
    publisher: TEST_PUBLISHER,
    transport: TEST_TRANSPORT,
    stretchCost: CHEAP_STRETCH,
  });
  applet = new Applet(chip);
}

const line: CardLine = {
  transmit: (apdu) => applet.process(apdu),
  close: async () => applet.reset(),
};

async function statusOf(command: Partial<CommandApdu>): Promise<number> {
  const whole = { cla: 0x80, ins: 0, p1: 0, p2: 0, data: none, le: null, ...command };
  return decodeResponse(await applet.process(encodeApdu(whole)))?.sw ?? 0;
}

const select = (): Promise<unknown> => selectApplet(line);

async function channel(): Promise<CardChannel> {
  await select();
  const version = chip.isBound ? KEY_VERSION.bound : KEY_VERSION.transport;
  return unwrap(await CardChannel.open(line, chip.keys, version, 'extended'));
}

/** A channel to a card that runs an image and has a PIN. */
async function ready(): Promise<CardChannel> {
  const open = await channel();
  await open.call({ ins: INS.load, data: encodeSignedImage(await testImage()) });
  expect((await open.call({ ins: INS.install })).data).toHaveLength(0);
  return open;
}

const pin = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('an applet before a channel is open (TS-APD-3)', () => {
  it.each<[string, Uint8Array, number]>([
    ['nothing', none, SW.wrongLength],
    ['less than a header', Uint8Array.of(0, 0xa4, 4), SW.wrongLength],
    ['less data than announced', Uint8Array.of(0, 0xa4, 4, 0, 9, 1), SW.wrongLength],
  ])('answers bytes that are no APDU: %s', async (_, bytes, sw) => {
    expect(decodeResponse(await applet.process(bytes))?.sw).toBe(sw);
  });

  it('answers what it does not know, or is not selected for', async () => {
    expect(await statusOf({ cla: 0x20, ins: INS.execute })).toBe(SW.claNotSupported);
    expect(await statusOf({ ins: 0x44 })).toBe(SW.insNotSupported);
    expect(await statusOf({ ins: INS.execute })).toBe(SW.conditionsNotSatisfied);
    const wrong = { cla: 0, ins: INS.select, p1: 4, data: AID.slice(1) };
    expect(await statusOf(wrong)).toBe(SW.fileNotFound);
    expect(await statusOf({ ...wrong, data: AID, p1: 0 })).toBe(SW.wrongParameters);
  });

  it('does nothing else without a channel', async () => {
    await select();
    for (const ins of [INS.execute, INS.readLog, INS.verify, INS.putKey, INS.load, INS.install]) {
      expect(await statusOf({ ins })).toBe(SW.securityNotSatisfied);
      // Nor because it says that it is protected.
      expect(await statusOf({ cla: 0x84, ins, data: new Uint8Array(8) })).toBe(
        SW.securityNotSatisfied,
      );
    }
  });

  it('opens none for whoever has not the keys', async () => {
    await select();
    const start = { ins: INS.initializeUpdate, data: new Uint8Array(8), p1: KEY_VERSION.transport };
    expect(await statusOf({ ...start, data: new Uint8Array(7) })).toBe(SW.wrongLength);
    expect(await statusOf({ ...start, p1: KEY_VERSION.bound })).toBe(SW.referenceNotFound);
    const finish = { cla: 0x84, ins: INS.externalAuthenticate, p1: 0x33, data: new Uint8Array(16) };
    expect(await statusOf(finish)).toBe(SW.conditionsNotSatisfied);
    expect(await statusOf(start)).toBe(SW.ok);
    expect(await statusOf({ ...finish, p1: 0 })).toBe(SW.wrongParameters);
    expect(await statusOf(start)).toBe(SW.ok);
    expect(await statusOf(finish)).toBe(SW.wrongHost);
    // One challenge is good for one attempt.
    expect(await statusOf(finish)).toBe(SW.conditionsNotSatisfied);
  });
});

describe('an applet with a channel', () => {
  it('closes it on a command that is not protected, or wrongly', async () => {
    for (const [cla, sw] of [
      [0x80, SW.messagingMissing],
      [0x84, SW.messagingWrong],
    ] as const) {
      const open = await channel();
      expect(await statusOf({ cla, ins: INS.install, data: new Uint8Array(8) })).toBe(sw);
      await expect(open.call({ ins: INS.install })).rejects.toThrow('somebody changed');
      expect(await statusOf({ cla: 0x84, ins: INS.install })).toBe(SW.securityNotSatisfied);
    }
  });

  it('runs nothing before it has an image, and says which it runs', async () => {
    const open = await channel();
    for (const ins of [INS.execute, INS.readLog, INS.verify]) {
      const { sw } = await open.call({
        ins,
        p2: ins === INS.verify ? HOLDER_PIN : 0,
        data: pin('1234'),
      });
      expect(sw).toBe(SW.conditionsNotSatisfied);
    }
    expect(await select()).toEqual({ isBound: false, measurement: null, fault: null });
    await ready();
    const measurement = sha256((await testImage()).code);
    expect(await select()).toEqual({ isBound: false, measurement, fault: null });
  });

  it('refuses an image with a code, and keeps the one before', async () => {
    const open = await ready();
    const image = await testImage();
    const code = image.code.with(9, (image.code[9] ?? 0) ^ 1);
    for (const [data, refusal] of [
      [encodeSignedImage({ ...image, code }), 'IMAGE_DIFFERS'],
      [encodeSignedImage(image).slice(1), 'TRAILING_BYTES'],
    ] as const) {
      await open.call({ ins: INS.load, data });
      const { sw, data: said } = await open.call({ ins: INS.install });
      expect([sw, String.fromCharCode(...said)]).toEqual([SW.ok, refusal]);
    }
    expect(readReply((await open.call({ ins: INS.execute, data: none })).data).ok).toBe(false);
  });

  it('takes chains where they are for something, and to their end', async () => {
    const open = await ready();
    const long = new Uint8Array(5_000).fill(1);
    expect(readReply((await open.call({ ins: INS.execute, data: long })).data)).toMatchObject({
      error: { code: expect.any(String) as string },
    });
    expect((await open.call({ ins: INS.verify, p2: HOLDER_PIN, data: long })).sw).toBe(
      SW.chainingNotSupported,
    );
    const tooLong = new Uint8Array(1_200_000);
    expect((await open.call({ ins: INS.load, data: tooLong })).sw).toBe(SW.noSpace);
  });

  it('is bound once', async () => {
    const open = await channel();
    expect((await open.call({ ins: INS.putKey, data: new Uint8Array(31) })).sw).toBe(SW.wrongData);
    expect((await open.call({ ins: INS.putKey, data: new Uint8Array(32).fill(3) })).sw).toBe(SW.ok);
    expect((await open.call({ ins: INS.putKey, data: new Uint8Array(32) })).sw).toBe(
      SW.conditionsNotSatisfied,
    );
    await chip.off();
    await powerOn();
    expect(chip.isBound).toBe(true);
    expect(toHex(chip.keys.mac)).toBe('03'.repeat(16));
    await select();
    const transport = await CardChannel.open(line, TEST_TRANSPORT, KEY_VERSION.transport, 'short');
    expect(transport).toMatchObject({ error: { code: 'FOREIGN_ELEMENT' } });
  });

  it('verifies the PIN, counts tries, and blocks (TS-APD-5)', async () => {
    const open = await ready();
    const verify = async (text: string): Promise<number> =>
      (await open.call({ ins: INS.verify, p2: HOLDER_PIN, data: pin(text) })).sw;
    expect((await open.call({ ins: INS.verify, p2: 0, data: pin('1234') })).sw).toBe(
      SW.wrongParameters,
    );
    expect(await verify('123')).toBe(SW.wrongLength);
    // There is no purse yet, then no PIN.
    expect(await verify('1234')).toBe(SW.conditionsNotSatisfied);
  });

  it('answers any bytes whatever, and is as it was', async () => {
    await select();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const response = decodeResponse(await applet.process(bytes));
        expect(response?.sw).toBeGreaterThan(0x6000);
      }),
      { seed: 1, numRuns: 500 },
    );
    const open = await ready();
    expect(readReply((await open.call({ ins: INS.execute, data: status })).data)).toMatchObject({
      error: { code: 'NOT_PERSONALISED' },
    });
  });
});

const status = encodeCommand({ kind: COMMAND.status });
