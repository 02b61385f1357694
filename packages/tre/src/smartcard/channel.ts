import { randomBytes } from 'node:crypto';
import {
  type Bytes,
  concat,
  equalSecret,
  err,
  LIMITS,
  ok,
  type Result,
} from '@tallystick/protocol';
import {
  CLA,
  type CommandApdu,
  decodeResponse,
  encodeApdu,
  type ResponseApdu,
  SW,
} from './apdu.ts';
import { AID, type CardInfo, CHUNK_BYTES, decodeInfo, INS } from './contract.ts';
import { CardFailure } from './failure.ts';
import type { CardLine } from './pcsc.ts';
import {
  CHALLENGE_BYTES,
  CRYPTOGRAM_BYTES,
  KEY_BYTES,
  openSession,
  SECURITY_LEVEL,
  SecureMessaging,
  type StaticKeys,
} from './scp03.ts';

const NOTHING = new Uint8Array(0);
/** Diversification data and key information come before the card's challenge. */
const CHALLENGE_AT = 13;
const INITIALIZE_BYTES = CHALLENGE_AT + CHALLENGE_BYTES + CRYPTOGRAM_BYTES;
const LE = { short: 256, extended: 65_536 } as const;
/** Longest reply of a command. */
const REPLY_BYTES_MAX = LIMITS.frameBytes;

/** Selects the applet. Rejects with CardFailure where the card has none, or another. */
export async function selectApplet(line: CardLine): Promise<CardInfo> {
  const { data, sw } = await exchange(line, {
    cla: CLA.interindustry,
    ins: INS.select,
    p1: 0x04,
    p2: 0x00,
    data: AID,
    le: LE.short,
  });
  const info = sw === SW.ok ? decodeInfo(data) : null;
  if (info === null) throw new CardFailure(`the card has no purse (${words(sw)})`);
  return info;
}

/** What is called of an applet. */
export interface Call {
  readonly ins: number;
  readonly p2?: number;
  readonly data?: Bytes;
}

/** The app's end of a secure channel to a card. */
export class CardChannel {
  readonly #line: CardLine;
  readonly #messaging: SecureMessaging;
  readonly #size: 'short' | 'extended';
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(line: CardLine, messaging: SecureMessaging, size: 'short' | 'extended') {
    this.#line = line;
    this.#messaging = messaging;
    this.#size = size;
  }

  /**
   * Both sides show each other that they have the keys (TS-APD-4). Fails with FOREIGN_ELEMENT where the card
   * does not, with FOREIGN_APP where the card says that we do not, and with TAMPERED where the keys are none.
   * Rejects with CardFailure.
   */
  static async open(
    line: CardLine,
    keys: StaticKeys,
    version: number,
    size: 'short' | 'extended',
  ): Promise<Result<CardChannel>> {
    if (keys.enc.length !== KEY_BYTES || keys.mac.length !== KEY_BYTES) {
      return err('TAMPERED', 'what binds the card to this app is not two keys');
    }
    const challenge = Uint8Array.from(randomBytes(CHALLENGE_BYTES));
    const proprietary = { cla: CLA.proprietary, p2: 0, le: LE.short };
    const begun = await exchange(line, {
      ...proprietary,
      ins: INS.initializeUpdate,
      p1: version,
      data: challenge,
    });
    if (begun.sw === SW.referenceNotFound) {
      return err('FOREIGN_ELEMENT', 'the card is not bound to this app');
    }
    if (begun.sw !== SW.ok || begun.data.length !== INITIALIZE_BYTES) {
      throw new CardFailure(`the card opens no channel (${words(begun.sw)})`);
    }
    const cardChallenge = begun.data.slice(CHALLENGE_AT, CHALLENGE_AT + CHALLENGE_BYTES);
    const session = openSession(keys, challenge, cardChallenge);
    if (!equalSecret(begun.data.slice(-CRYPTOGRAM_BYTES), session.cardCryptogram)) {
      return err('FOREIGN_ELEMENT', 'the card does not have the key that binds it to this app');
    }
    const messaging = new SecureMessaging(session);
    const authentication = messaging.authenticate({
      ...proprietary,
      ins: INS.externalAuthenticate,
      p1: SECURITY_LEVEL,
      data: session.hostCryptogram,
      le: null,
    });
    const { sw } = await exchange(line, authentication);
    if (sw === SW.wrongHost) return err('FOREIGN_APP', 'the card does not know this app');
    if (sw !== SW.ok) throw new CardFailure(`the card opens no channel (${words(sw)})`);
    return ok(new CardChannel(line, messaging, size));
  }

  /**
   * Calls the applet, in as many APDUs as it takes; one call after the other. The status word is a success or says what was refused.
   * Rejects with CardFailure, also where somebody changed what went either way.
   */
  call(call: Call): Promise<ResponseApdu> {
    const mine = this.#turn.then(() => this.#exchange(call));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #exchange({ ins, p2 = 0, data = NOTHING }: Call): Promise<ResponseApdu> {
    const most = CHUNK_BYTES[this.#size];
    const le = LE[this.#size];
    let at = 0;
    for (; data.length - at > most; at += most) {
      const part = data.slice(at, at + most);
      const cla = CLA.proprietary | CLA.chained;
      const { sw } = await this.#secure({ cla, ins, p1: 0, p2, data: part, le });
      if (sw !== SW.ok) return { data: NOTHING, sw };
    }
    const last = { cla: CLA.proprietary, ins, p1: 0, p2, data: data.slice(at), le };
    let response = await this.#secure(last);
    const parts = [response.data];
    for (let length = response.data.length; response.sw >> 8 === SW.more >> 8; ) {
      response = await this.#secure({ ...last, ins: INS.getResponse, p2: 0, data: NOTHING });
      parts.push(response.data);
      length += response.data.length;
      if (length > REPLY_BYTES_MAX) throw new CardFailure('its response has no end');
    }
    return { data: concat(...parts), sw: response.sw };
  }

  async #secure(command: CommandApdu): Promise<ResponseApdu> {
    const response = await exchange(this.#line, this.#messaging.wrap(command));
    const clear = this.#messaging.unwrapResponse(response);
    const isBroken = clear === null || BROKEN.has(clear.sw);
    if (isBroken) throw new CardFailure('somebody changed what went to the card or came from it');
    return clear;
  }
}

/** What a card says of a command whose protection is wrong or missing, and when it has closed the channel. */
const BROKEN: ReadonlySet<number> = new Set([
  SW.messagingMissing,
  SW.messagingWrong,
  SW.securityNotSatisfied,
]);

async function exchange(line: CardLine, command: CommandApdu): Promise<ResponseApdu> {
  const response = decodeResponse(await line.transmit(encodeApdu(command)));
  if (response === null) throw new CardFailure('the card answered without a status word');
  return response;
}

/** A status word as people look it up. */
export function words(sw: number): string {
  return `status ${sw.toString(16).toUpperCase().padStart(4, '0')}`;
}
