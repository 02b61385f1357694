import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bytes, type Result, sha256, unwrap } from '@tallystick/protocol';
import { COMMAND, type Command, encodeCommand } from '@tallystick/trusted-app';
import { testScheme } from '@tallystick/trusted-app/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench } from '../conformance/bench.ts';
import { ExaminedPurse } from '../conformance/purse.ts';
import { nodeFolder } from '../node/folder.ts';
import type { Element } from '../port.ts';
import { CardDevice, skipCard, TEST_TRANSPORT } from '../testing/emulated-card.ts';
import { testImage } from '../testing/image.ts';
import { memorySpecimens } from '../testing/memory-specimen.ts';
import { INS } from './contract.ts';
import {
  bindCard,
  type CardElement,
  type CardLine,
  openCard,
  reachCard,
  readerNames,
  type StaticKeys,
} from './index.ts';
import { openSession } from './scp03.ts';

const scheme = testScheme();
let folder = '';
let device: CardDevice;
const opened: Element[] = [];

beforeEach(async () => {
  if (skipCard) return;
  folder = await mkdtemp(join(tmpdir(), 'smartcard-'));
  device = await CardDevice.start(folder);
});
afterEach(async () => {
  if (skipCard) return;
  for (const element of opened.splice(0)) await element.close();
  await device.stop();
  await rm(folder, { recursive: true });
});

const codeOf = (result: Result<unknown>): string => (result.ok ? 'OK' : result.error.code);

async function open(how: Parameters<CardDevice['openIn']>[2] = {}): Promise<Result<CardElement>> {
  const app = await nodeFolder(join(folder, 'app'));
  if (app === null) throw new Error('the app of the last test is open');
  const result = await device.openIn(app, await testImage(), how);
  if (result.ok) opened.push(result.value);
  return result;
}

async function purse(amount: bigint, pin: Bytes | null = null): Promise<ExaminedPurse> {
  const specimen = { open: () => open(), dispose: () => Promise.resolve() };
  const made = new ExaminedPurse(specimen, scheme.participants[0], unwrap(await specimen.open()));
  made.certificate = made.participant.certify(await made.prepare(undefined, pin));
  await made.get(made.personalisation(scheme, made.certificate), 0);
  await made.load(amount);
  return made;
}

/** Whoever has the line, and does something to what goes over it. */
const between =
  (change: (apdu: Bytes, real: CardLine) => Promise<Bytes>) => async (): Promise<CardLine> => {
    const real = await device.line();
    return { transmit: (apdu) => change(apdu, real), close: () => real.close() };
  };

const flip = (bytes: Bytes, at: number): Bytes => bytes.with(at, (bytes[at] ?? 0) ^ 1);

describe.skipIf(skipCard)('a card and the app that it is bound to', () => {
  it('find each other again, and nobody else (TS-APD-4)', async () => {
    const made = await purse(10n);
    await made.element.close();
    const wrong: StaticKeys = {
      enc: sha256(Uint8Array.of(1)).slice(0, 16),
      mac: sha256(Uint8Array.of(2)).slice(0, 16),
    };
    // One whose storage was damaged.
    const cut = { ...wrong, mac: wrong.mac.slice(1) };
    expect(codeOf(await openCard({ line: () => device.line(), binding: cut }))).toBe('TAMPERED');
    // A rogue app before a genuine card: it cannot even know that the card is genuine.
    expect(codeOf(await openCard({ line: () => device.line(), binding: wrong }))).toBe(
      'FOREIGN_ELEMENT',
    );
    // One that goes on all the same is refused by the card.
    const rogue = between(async (apdu, real) => {
      const answer = await real.transmit(apdu);
      return apdu[1] === INS.initializeUpdate ? fake(apdu, answer, wrong) : answer;
    });
    expect(codeOf(await openCard({ line: rogue, binding: wrong }))).toBe('FOREIGN_APP');
    // And nobody binds it again.
    const again = await bindCard(() => device.line(), TEST_TRANSPORT);
    expect(codeOf(again)).toBe('FOREIGN_ELEMENT');
    await made.open();
    expect((await made.status()).balance).toBe(10n);
  });

  it('is another card to an app when it is another card: one that was swapped, or a fake', async () => {
    const made = await purse(10n);
    await made.element.close();
    const elsewhere = await mkdtemp(join(tmpdir(), 'other-card-'));
    const other = await CardDevice.start(elsewhere);
    try {
      const swapped = await open({ line: () => other.line() });
      expect(codeOf(swapped)).toBe('FOREIGN_ELEMENT');
      // A fake answers as if it were bound, with keys that it made up.
      const app = await nodeFolder(join(elsewhere, 'app'));
      if (app === null) throw new Error('it is in use');
      await unwrap(await other.openIn(app, await testImage())).close();
      expect(codeOf(await open({ line: () => other.line() }))).toBe('FOREIGN_ELEMENT');
    } finally {
      await other.stop();
      await rm(elsewhere, { recursive: true });
    }
  });

  it('end at once when somebody in between changes, repeats or drops anything', async () => {
    const made = await purse(10n);
    await made.element.close();
    const status = encodeCommand({ kind: COMMAND.status });
    const attacks: readonly ((apdu: Bytes, real: CardLine) => Promise<Bytes>)[] = [
      (apdu, real) => real.transmit(flip(apdu, apdu.length - 3)),
      async (apdu, real) => flip(await real.transmit(apdu), 0),
      async (apdu, real) => {
        await real.transmit(apdu);
        return real.transmit(apdu);
      },
      async () => Uint8Array.of(0x90, 0x00),
      async () => Uint8Array.of(0x90),
    ];
    for (const attack of attacks) {
      let isOn = false;
      const line = between((apdu, real) => (isOn ? attack(apdu, real) : real.transmit(apdu)));
      const element = unwrap(await open({ line }));
      isOn = true;
      await expect(element.execute(status)).rejects.toThrow('the element is gone');
      await element.close();
    }
    await made.open();
    expect((await made.status()).balance).toBe(10n);
  });

  it('show nothing of what they say to whoever listens', async () => {
    const heard: Bytes[] = [];
    const made = await purse(10n);
    await made.element.close();
    const listening = between(async (apdu, real) => {
      const answer = await real.transmit(apdu);
      heard.push(apdu, answer);
      return answer;
    });
    made.element = unwrap(await open({ line: listening }));
    await made.state();
    const all = Buffer.concat(heard);
    expect(all.length).toBeGreaterThan(300);
    expect(all.includes(Buffer.from(made.certificate.slice(0, 24)))).toBe(false);
  });
});

/** The answer to INITIALIZE UPDATE as a card with those keys would give it. */
function fake(apdu: Bytes, answer: Bytes, keys: StaticKeys): Bytes {
  const session = openSession(keys, apdu.slice(5, 13), answer.slice(13, 21));
  return Uint8Array.from([...answer.slice(0, 21), ...session.cardCryptogram, 0x90, 0x00]);
}

describe.skipIf(skipCard)('a card that is pulled out', () => {
  it('at any APDU of a load keeps every promise (TS-APD-6)', async () => {
    const made = await purse(100n);
    let balance = 100n;
    let apdus = 0;
    for (let at = 0; ; at++) {
      for (const moment of ['before', 'after'] as const) {
        let left = -1;
        const line = between(async (apdu, real) => {
          const isNow = left === 0;
          left -= 1;
          if (isNow && moment === 'before') await device.pull();
          const answer = await real.transmit(apdu);
          if (isNow) await device.pull();
          return answer;
        });
        await made.element.close();
        made.element = unwrap(await open({ line, size: 'short' }));
        left = at;
        const done = await made.load(1n).then(
          () => true,
          () => false,
        );
        apdus = at - left;
        left = -1;
        await made.element.close();
        await made.open();
        const held = (await made.status()).balance;
        // What was promised is there; what was not is there or not, and never twice.
        expect(done ? [balance + 1n] : [balance, balance + 1n]).toContain(held);
        balance = held;
      }
      if (apdus <= at) break;
    }
    expect(balance).toBeGreaterThan(100n);
  });

  it('is no card any more until it is put in again, and says so', async () => {
    const made = await purse(5n);
    await device.pull();
    await expect(made.status()).rejects.toThrow('the element is gone');
    await made.element.close();
    const gone = await openCard({
      line: () => reachCard(device.reader, 200),
      binding: TEST_TRANSPORT,
    });
    expect(codeOf(gone)).toBe('HARDWARE_FAILED');
    await made.open();
    expect((await made.status()).balance).toBe(5n);
  });
});

describe.skipIf(skipCard)('a card', () => {
  it('keeps all of its purse inside: the app has what binds them, and nothing else', async () => {
    const made = await purse(5n);
    await made.element.close();
    expect((await readdir(join(folder, 'app'))).toSorted()).toEqual(['binding', 'lock']);
  });

  it('is of no use to whoever copies the app: there is one card', async () => {
    const made = await purse(100n);
    await made.element.close();
    await cp(join(folder, 'app'), join(folder, 'copy'), { recursive: true });
    await made.open();
    await made.load(7n);
    await made.element.close();
    await rm(join(folder, 'app'), { recursive: true });
    await cp(join(folder, 'copy'), join(folder, 'app'), { recursive: true });
    await made.open();
    expect((await made.status()).balance).toBe(107n);
  });

  it('serves a reader that takes short APDUs alone', async () => {
    const made = await purse(5n);
    await made.element.close();
    const longest: number[] = [];
    const line = between((apdu, real) => {
      longest.push(apdu.length);
      return real.transmit(apdu);
    });
    made.element = unwrap(await open({ line, size: 'short' }));
    expect((await made.status()).balance).toBe(5n);
    await made.state();
    await made.element.close();
    expect(Math.max(...longest)).toBeLessThanOrEqual(261);
  });

  it('takes the PIN by VERIFY for one payment that asks for the holder (TS-APD-5)', async () => {
    const pin = (text: string): Bytes => new TextEncoder().encode(text);
    const made = await purse(20_000n, pin('2468'));
    const bench = new Bench(memorySpecimens());
    const payee = await bench.purse({ participant: 1 });
    const pay = async (): Promise<string> => {
      // Above what is paid without the holder.
      const request = await payee.request(6_000n);
      return codeOf(
        await made.run({ ...made.paying(request, payee), assertHolder: true } as Command),
      );
    };
    const verify = (text: string): Promise<Result<null>> =>
      (made.element as CardElement).verifyHolder(pin(text));
    expect(await pay()).toBe('ASSERTION_REFUSED');
    expect(unwrap(await verify('2468'))).toBeNull();
    expect(await pay()).toBe('OK');
    expect(await pay()).toBe('ASSERTION_REFUSED');
    // A reset forgets it.
    await verify('2468');
    await made.reopen();
    expect(await pay()).toBe('ASSERTION_REFUSED');
    for (const left of [4, 3, 2, 1, 0]) {
      expect(await verify('0000')).toMatchObject({
        error: {
          code: 'PIN_WRONG',
          message: expect.stringContaining(`${left} tries left`) as string,
        },
      });
    }
    expect(codeOf(await verify('2468'))).toBe('PIN_BLOCKED');
    await bench.dispose();
  });

  it('is in one of the readers that PC/SC lists', () => {
    expect(readerNames()).toContain(device.reader);
  });
});
