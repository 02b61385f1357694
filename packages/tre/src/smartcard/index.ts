import { randomBytes } from 'node:crypto';
import {
  type Bytes,
  encodeSignedImage,
  equal,
  err,
  isErrorCode,
  ok,
  type Result,
  sha256,
  type SignedImage,
} from '@tallystick/protocol';
import type { EffectAnswer } from '@tallystick/trusted-app';
import type { Core, Turn } from '../core.ts';
import { hostElement } from '../element.ts';
import { cutCommand } from '../image/fields.ts';
import { refusingHardware } from '../node/hardware.ts';
import type { Element } from '../port.ts';
import { SW } from './apdu.ts';
import { CardChannel, selectApplet, words } from './channel.ts';
import { HOLDER_PIN, INS, KEY_VERSION } from './contract.ts';
import { CardFailure } from './failure.ts';
import type { CardLine } from './pcsc.ts';
import { KEY_BYTES, type StaticKeys } from './scp03.ts';

export { refusingHardware } from '../node/hardware.ts';
export { CardFailure } from './failure.ts';
export { SMARTCARD } from './name.ts';
export { type CardLine, reachCard, readerNames } from './pcsc.ts';
export { type EmulatedCard, type EmulatedReaders, startReaders, whyNoReaders } from './emulated.ts';
export type { StaticKeys } from './scp03.ts';

export interface CardElement extends Element {
  /**
   * Shows the holder's PIN to the card, by VERIFY: the holder then counts as present for the next payment that
   * asks for the platform's confirmation (TS-APD-5). Fails with PIN_WRONG, PIN_BLOCKED, PIN_REQUIRED (none is set).
   */
  verifyHolder(pin: Bytes): Promise<Result<null>>;
}

export interface CardOptions {
  /** Reaches the card; see {@link reachCard}. The line is the element's from then on. */
  readonly line: () => Promise<CardLine>;
  /** What binds the card to this app, from {@link bindCard}: the platform keeps it as it keeps any secret. */
  readonly binding: StaticKeys;
  /** An image to run from now on; without one, the image that is in the card. */
  readonly image?: SignedImage;
  /** Whether reader and card take extended lengths; most do. */
  readonly size?: 'short' | 'extended';
}

/**
 * Opens the purse in a smartcard. Everything is in the card: keys, state, log and the trusted application;
 * what crosses is encrypted, and authenticated both ways (TS-APD-4).
 *
 * Fails with HARDWARE_FAILED (no reader, no card, no answer), FOREIGN_ELEMENT (the card is not the one that is
 * bound to this app), FOREIGN_APP (the card does not know this app), what the card's own purse fails with
 * (TAMPERED, STORAGE_FAILED), and what an image may be refused with (TS-IMG-2, TS-IMG-3).
 */
export function openCard(options: CardOptions): Promise<Result<CardElement>> {
  const { binding, size = 'extended' } = options;
  return onLine(options.line, async (line) => {
    const { measurement, fault } = await selectApplet(line);
    const opened = await CardChannel.open(line, binding, KEY_VERSION.bound, size);
    if (!opened.ok) return opened;
    const channel = opened.value;
    const running = await bringUpToDate(channel, measurement, options.image);
    if (!running.ok) return running;
    if (fault !== null && isErrorCode(fault))
      return err(fault, 'the purse in the card does not open');
    const host = {
      load: async () => ({ state: null, logEnd: 0 }),
      truncateLog: async () => undefined,
      carryOut: async (effect: { readonly kind: string; readonly seq?: number }) =>
        readLog(channel, effect.seq ?? 0),
      close: () => line.close(),
    };
    const booted = { core: new CardCore(channel), measurement: running.value, logEnd: 0 };
    const element = await hostElement(host, () => ok(booted));
    if (!element.ok) return element;
    const verifyHolder = (pin: Bytes): Promise<Result<null>> => verify(channel, pin);
    return ok(Object.assign(element.value, { verifyHolder }));
  });
}

async function verify(channel: CardChannel, pin: Bytes): Promise<Result<null>> {
  const { sw } = await channel.call({ ins: INS.verify, p2: HOLDER_PIN, data: pin });
  if (sw === SW.ok) return ok(null);
  if (sw >> 4 === SW.wrongPin >> 4) return err('PIN_WRONG', `${sw & 0xf} tries left`);
  if (sw === SW.pinBlocked) return err('PIN_BLOCKED', 'it was wrong too often');
  if (sw === SW.referenceNotFound) return err('PIN_REQUIRED', 'set a PIN first');
  throw new CardFailure(`the card does not verify its holder (${words(sw)})`);
}

/**
 * Binds a card to an app, once: from then on neither talks to another. In a place where nobody else has the
 * line, since whoever knows the transport key could be in between.
 *
 * @returns what binds them; to be kept secret
 */
export function bindCard(
  reach: () => Promise<CardLine>,
  transport: StaticKeys,
): Promise<Result<StaticKeys>> {
  const keys = { enc: freshKey(), mac: freshKey() };
  return onLine(reach, async (line) => {
    await selectApplet(line);
    const opened = await CardChannel.open(line, transport, KEY_VERSION.transport, 'short');
    if (!opened.ok) return opened;
    const data = Uint8Array.from([...keys.enc, ...keys.mac]);
    const { sw } = await opened.value.call({ ins: INS.putKey, data });
    if (sw !== SW.ok) throw new CardFailure(`the card takes no key (${words(sw)})`);
    await line.close();
    return ok(keys);
  });
}

const freshKey = (): Bytes => Uint8Array.from(randomBytes(KEY_BYTES));

/** Works on a line, and lets go of it unless that succeeds. */
function onLine<T>(
  reach: () => Promise<CardLine>,
  work: (line: CardLine) => Promise<Result<T>>,
): Promise<Result<T>> {
  return refusingHardware(async () => {
    const line = await reach();
    try {
      const result = await work(line);
      if (!result.ok) await line.close();
      return result;
    } catch (error) {
      await line.close();
      throw error;
    }
  });
}

/** Has the card run an image that is not the one it runs; the measurement of what it then runs. */
async function bringUpToDate(
  channel: CardChannel,
  measurement: Bytes | null,
  image: SignedImage | undefined,
): Promise<Result<Bytes>> {
  const offered = image === undefined ? null : sha256(image.code);
  if (
    image === undefined ||
    offered === null ||
    (measurement !== null && equal(measurement, offered))
  ) {
    if (measurement !== null) return ok(measurement);
    return err('IMAGE_DIFFERS', 'none has run in this card yet; give one');
  }
  const loaded = await channel.call({ ins: INS.load, data: encodeSignedImage(image) });
  const installed = loaded.sw === SW.ok ? await channel.call({ ins: INS.install }) : loaded;
  if (installed.sw !== SW.ok)
    throw new CardFailure(`the card takes no image (${words(installed.sw)})`);
  const code = String.fromCharCode(...installed.data);
  if (code === '') return ok(offered);
  return isErrorCode(code)
    ? err(code, 'the card refuses the image')
    : err('HARDWARE_FAILED', 'the card refuses the image, and does not say why');
}

async function readLog(channel: CardChannel, seq: number): Promise<EffectAnswer> {
  const position = new Uint8Array(4);
  new DataView(position.buffer).setUint32(0, seq);
  const { data, sw } = await channel.call({ ins: INS.readLog, data: position });
  if (sw === SW.recordNotFound) return null;
  if (sw !== SW.ok) throw new CardFailure(`the card does not give its log (${words(sw)})`);
  return data;
}

/** A trusted application that carries out its effects by itself, where it is. */
class CardCore implements Core {
  readonly #channel: CardChannel;

  constructor(channel: CardChannel) {
    this.#channel = channel;
  }

  async command(command: Bytes): Promise<Turn> {
    const { data, sw } = await this.#channel.call({ ins: INS.execute, data: cutCommand(command) });
    if (sw !== SW.ok)
      throw new CardFailure(`the card does not carry the command out (${words(sw)})`);
    return { reply: data };
  }

  answer(): never {
    throw new TypeError('a card asks for no effect');
  }
}
