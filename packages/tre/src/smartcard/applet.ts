import { randomBytes } from 'node:crypto';
import {
  attempt,
  type Bytes,
  concat,
  decodeSignedImage,
  equal,
  equalSecret,
  LIMITS,
  type Result,
  type SignedImage,
} from '@tallystick/protocol';
import { COMMAND, encodeCommand, readReply } from '@tallystick/trusted-app';
import { COMMAND_BYTES_MAX } from '../image/fields.ts';
import type { Element } from '../port.ts';
import {
  CLA,
  type CommandApdu,
  decodeApdu,
  encodeResponse,
  type ResponseApdu,
  SW,
} from './apdu.ts';
import {
  AID,
  type CardInfo,
  CHUNK_BYTES,
  encodeInfo,
  HOLDER_PIN,
  INS,
  KEY_VERSION,
} from './contract.ts';
import {
  CHALLENGE_BYTES,
  CRYPTOGRAM_BYTES,
  KEY_BYTES,
  openSession,
  SECURITY_LEVEL,
  SecureMessaging,
  type Session,
  type StaticKeys,
} from './scp03.ts';

/** What is in a card besides its applet. */
export interface Chip extends CardInfo {
  /** The purse's element; null before there is an image, or where it does not open. */
  readonly element: Element | null;
  /** Of the channel: those it came with, or those that bind it. */
  readonly keys: StaticKeys;
  /** Ten bytes that tell it from other cards. */
  readonly serial: Bytes;
  /** Replaces the keys, durably; once. */
  bind(keys: StaticKeys): Promise<void>;
  /** Runs an image from now on. */
  install(image: SignedImage): Promise<Result<unknown>>;
  /** Says whether the holder has shown a PIN, for the next thing that asks. */
  holderIsHere(isHere: boolean): void;
}

/** Most bytes of a chain: an image with its manifest, or one command that the element itself refuses as too long. */
const CHAIN_BYTES_MAX: Readonly<Record<number, number>> = {
  [INS.execute]: COMMAND_BYTES_MAX,
  [INS.load]: LIMITS.imageBytes + LIMITS.messageBytes + 16,
};
const KEY_INFO = { scp: 0x03, options: 0x60 } as const;
const NOTHING = new Uint8Array(0);

const answer = (sw: number, data: Bytes = NOTHING): ResponseApdu => ({ sw, data });

/** A purse behind APDUs (TS-APD): one command, one response, whatever the bytes are. */
export class Applet {
  readonly #chip: Chip;
  #isSelected = false;
  /** Between INITIALIZE UPDATE and EXTERNAL AUTHENTICATE. */
  #proposed: Session | null = null;
  #messaging: SecureMessaging | null = null;
  /** What came so far of a chain. */
  #chain: { readonly ins: number; readonly data: Bytes } | null = null;
  #loaded: Bytes = NOTHING;
  /** What is left of a response. */
  #rest: Bytes = NOTHING;

  constructor(chip: Chip) {
    this.#chip = chip;
  }

  /** What a loss of power or a reset leaves: nothing of what was agreed on. */
  reset(): void {
    this.#isSelected = false;
    this.#loaded = NOTHING;
    this.#endChannel();
  }

  /** Rejects when the element is gone: without a reset nothing more may be asked. */
  async process(bytes: Bytes): Promise<Bytes> {
    const command = decodeApdu(bytes);
    const response = command === null ? answer(SW.wrongLength) : await this.#dispatch(command);
    return encodeResponse(response);
  }

  async #dispatch(command: CommandApdu): Promise<ResponseApdu> {
    const kind = command.cla & ~(CLA.secure | CLA.chained);
    if (kind !== CLA.interindustry && kind !== CLA.proprietary) return answer(SW.claNotSupported);
    if (!Object.values<number>(INS).includes(command.ins)) return answer(SW.insNotSupported);
    if (command.ins === INS.select) return this.#select(command);
    if (!this.#isSelected) return answer(SW.conditionsNotSatisfied);
    if (command.ins === INS.initializeUpdate) return this.#initialize(command);
    if (command.ins === INS.externalAuthenticate) return this.#authenticate(command);
    return this.#dispatchSecure(command);
  }

  #select({ p1, p2, data }: CommandApdu): ResponseApdu {
    this.reset();
    if (p1 !== 0x04 || p2 !== 0x00) return answer(SW.wrongParameters);
    if (!equal(data, AID)) return answer(SW.fileNotFound);
    this.#isSelected = true;
    return answer(SW.ok, encodeInfo(this.#chip));
  }

  /** GlobalPlatform Amendment D, 7.1.1. */
  #initialize({ p1, data }: CommandApdu): ResponseApdu {
    this.#endChannel();
    const { isBound, keys, serial } = this.#chip;
    const version = isBound ? KEY_VERSION.bound : KEY_VERSION.transport;
    if (data.length !== CHALLENGE_BYTES) return answer(SW.wrongLength);
    if (p1 !== version) return answer(SW.referenceNotFound);
    const challenge = Uint8Array.from(randomBytes(CHALLENGE_BYTES));
    this.#proposed = openSession(keys, data, challenge);
    const info = Uint8Array.of(version, KEY_INFO.scp, KEY_INFO.options);
    return answer(SW.ok, concat(serial, info, challenge, this.#proposed.cardCryptogram));
  }

  /** Amendment D, 7.1.2. */
  #authenticate(command: CommandApdu): ResponseApdu {
    const session = this.#proposed;
    this.#endChannel();
    if (session === null) return answer(SW.conditionsNotSatisfied);
    if (command.p1 !== SECURITY_LEVEL) return answer(SW.wrongParameters);
    const messaging = new SecureMessaging(session);
    const checked = messaging.checkAuthentication(command);
    const isHost =
      checked !== null &&
      checked.data.length === CRYPTOGRAM_BYTES &&
      equalSecret(checked.data, session.hostCryptogram);
    if (!isHost) return answer(SW.wrongHost);
    this.#messaging = messaging;
    return answer(SW.ok);
  }

  async #dispatchSecure(command: CommandApdu): Promise<ResponseApdu> {
    const messaging = this.#messaging;
    if (messaging === null) return answer(SW.securityNotSatisfied);
    if ((command.cla & CLA.secure) === 0) {
      this.#endChannel();
      return answer(SW.messagingMissing);
    }
    const clear = messaging.unwrap(command);
    if (clear === null) {
      this.#endChannel();
      return answer(SW.messagingWrong);
    }
    return messaging.wrapResponse(await this.#collect(clear));
  }

  /** Puts the parts of a chain together (ISO/IEC 7816-4, 5.3.3). */
  async #collect(command: CommandApdu): Promise<ResponseApdu> {
    const begun = this.#chain;
    this.#chain = null;
    if (begun !== null && begun.ins !== command.ins) return answer(SW.lastOfChainExpected);
    const isLast = (command.cla & CLA.chained) === 0;
    const most = CHAIN_BYTES_MAX[command.ins] ?? 0;
    if (!isLast && most === 0) return answer(SW.chainingNotSupported);
    const data = concat(begun?.data ?? NOTHING, command.data);
    if (most > 0 && data.length > most) return answer(SW.noSpace);
    if (isLast) return this.#run({ ...command, data });
    this.#chain = { ins: command.ins, data };
    return answer(SW.ok);
  }

  async #run(command: CommandApdu): Promise<ResponseApdu> {
    const { ins, data, le } = command;
    if (ins === INS.getResponse) return this.#more(le);
    this.#rest = NOTHING;
    switch (ins) {
      case INS.putKey:
        return this.#bind(data);
      case INS.load:
        this.#loaded = data;
        return answer(SW.ok);
      case INS.install:
        return this.#install();
      case INS.verify:
        return this.#verify(command);
      case INS.readLog:
        return this.#readLog(data, le);
      default:
        return this.#execute(data, le);
    }
  }

  async #bind(data: Bytes): Promise<ResponseApdu> {
    if (this.#chip.isBound) return answer(SW.conditionsNotSatisfied);
    if (data.length !== 2 * KEY_BYTES) return answer(SW.wrongData);
    await this.#chip.bind({ enc: data.slice(0, KEY_BYTES), mac: data.slice(KEY_BYTES) });
    return answer(SW.ok);
  }

  /** Nothing in the response says that it runs; else the code that it was refused with. */
  async #install(): Promise<ResponseApdu> {
    const image = attempt(() => decodeSignedImage(this.#loaded));
    this.#loaded = NOTHING;
    const installed = image.ok ? await this.#chip.install(image.value) : image;
    const code = installed.ok ? '' : installed.error.code;
    return answer(SW.ok, new TextEncoder().encode(code));
  }

  async #execute(data: Bytes, le: number | null): Promise<ResponseApdu> {
    const { element } = this.#chip;
    if (element === null) return answer(SW.conditionsNotSatisfied);
    this.#rest = await element.execute(data);
    return this.#more(le);
  }

  async #readLog(data: Bytes, le: number | null): Promise<ResponseApdu> {
    const { element } = this.#chip;
    if (element === null) return answer(SW.conditionsNotSatisfied);
    if (data.length !== 4) return answer(SW.wrongLength);
    const position = new DataView(data.buffer, data.byteOffset).getUint32(0);
    const [entry] = await element.readLog(position, position);
    if (entry === undefined) return answer(SW.recordNotFound);
    this.#rest = entry;
    return this.#more(le);
  }

  /** The holder's PIN, which then counts for the next payment that asks (ISO/IEC 7816-4, 7.5.6). */
  async #verify({ p1, p2, data }: CommandApdu): Promise<ResponseApdu> {
    const { element } = this.#chip;
    this.#chip.holderIsHere(false);
    if (p1 !== 0 || p2 !== HOLDER_PIN) return answer(SW.wrongParameters);
    if (element === null) return answer(SW.conditionsNotSatisfied);
    if (data.length < 4 || data.length > 32) return answer(SW.wrongLength);
    const reply = await element.execute(encodeCommand({ kind: COMMAND.unlock, pin: data }));
    const outcome = readReply(reply);
    if (outcome.ok) {
      this.#chip.holderIsHere(true);
      return answer(SW.ok);
    }
    const { code } = outcome.error;
    if (code === 'PIN_WRONG') return answer(SW.wrongPin | (await triesLeft(element)));
    if (code === 'PIN_BLOCKED') return answer(SW.pinBlocked);
    return answer(code === 'PIN_REQUIRED' ? SW.referenceNotFound : SW.conditionsNotSatisfied);
  }

  /** The next part of a response, with what is left in the status word. */
  #more(le: number | null): ResponseApdu {
    const most = (le ?? 0) > 256 ? CHUNK_BYTES.extended : CHUNK_BYTES.short;
    const part = this.#rest.slice(0, most);
    this.#rest = this.#rest.subarray(most);
    const left = this.#rest.length;
    return answer(left === 0 ? SW.ok : SW.more | (left > 255 ? 0 : left), part);
  }

  #endChannel(): void {
    this.#proposed = null;
    this.#messaging = null;
    this.#chain = null;
    this.#rest = NOTHING;
    this.#chip.holderIsHere(false);
  }
}

async function triesLeft(element: Element): Promise<number> {
  const status = readReply(await element.execute(encodeCommand({ kind: COMMAND.status })));
  return status.ok && status.value.kind === 3 ? (status.value.pinTriesLeft ?? 0) : 0;
}
