import { createCipheriv, createDecipheriv } from 'node:crypto';
import { cmac } from '@noble/ciphers/aes.js';
import { type Bytes, concat, equalSecret } from '@tallystick/protocol';
import { CLA, type CommandApdu, isSuccess, lengthField, type ResponseApdu } from './apdu.ts';

/**
 * Secure Channel Protocol 03 (GlobalPlatform Card Specification, Amendment D): AES-128, every command and
 * response encrypted and authenticated (security level 33). The two static keys are what binds an app and
 * an element to each other.
 */
export interface StaticKeys {
  readonly enc: Bytes;
  readonly mac: Bytes;
}

export const KEY_BYTES = 16;
export const CHALLENGE_BYTES = 8;
export const CRYPTOGRAM_BYTES = 8;
const MAC_BYTES = 8;
const BLOCK_BYTES = 16;
/** C-DECRYPTION, C-MAC, R-ENCRYPTION and R-MAC. */
export const SECURITY_LEVEL = 0x33;

/** Data derivation constants (Amendment D, table 4-1). */
const DERIVE = {
  cardCryptogram: 0x00,
  hostCryptogram: 0x01,
  sessionEnc: 0x04,
  sessionMac: 0x06,
  sessionRmac: 0x07,
} as const;

/** NIST SP 800-108 in counter mode over CMAC, one block at most. */
function derive(key: Bytes, constant: number, context: Bytes, bytes: number): Bytes {
  const label = new Uint8Array(12);
  label[11] = constant;
  const bits = bytes * 8;
  const input = concat(label, Uint8Array.of(0, bits >> 8, bits & 0xff, 1), context);
  return cmac(input, key).slice(0, bytes);
}

/** Either side's secrets of one session. */
export interface Session {
  readonly enc: Bytes;
  readonly mac: Bytes;
  readonly rmac: Bytes;
  readonly cardCryptogram: Bytes;
  readonly hostCryptogram: Bytes;
}

export function openSession(
  { enc, mac }: StaticKeys,
  hostChallenge: Bytes,
  cardChallenge: Bytes,
): Session {
  const context = concat(hostChallenge, cardChallenge);
  const sessionMac = derive(mac, DERIVE.sessionMac, context, KEY_BYTES);
  return {
    enc: derive(enc, DERIVE.sessionEnc, context, KEY_BYTES),
    mac: sessionMac,
    rmac: derive(mac, DERIVE.sessionRmac, context, KEY_BYTES),
    cardCryptogram: derive(sessionMac, DERIVE.cardCryptogram, context, CRYPTOGRAM_BYTES),
    hostCryptogram: derive(sessionMac, DERIVE.hostCryptogram, context, CRYPTOGRAM_BYTES),
  };
}

/** One session's secure messaging, at either end; the order of commands is part of it. */
export class SecureMessaging {
  readonly #session: Session;
  /** The MAC of the last command, onto which the next one and its response are chained. */
  #chaining: Bytes = new Uint8Array(BLOCK_BYTES);
  #counter = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** A command with its MAC and nothing encrypted: the one that authenticates the host. */
  authenticate(command: CommandApdu): CommandApdu {
    const secure = { ...command, cla: command.cla | CLA.secure };
    return { ...secure, data: concat(command.data, this.#commandMac(secure, command.data)) };
  }

  /** Checks the same; null where its MAC is wrong. */
  checkAuthentication(command: CommandApdu): CommandApdu | null {
    return this.#unwrapMac(command);
  }

  wrap(command: CommandApdu): CommandApdu {
    this.#counter += 1;
    const { data } = command;
    const hidden = data.length === 0 ? data : this.#encrypt(data, 'command');
    return this.authenticate({ ...command, data: hidden });
  }

  /** The command in the clear; null where it was changed, repeated, or is out of order. */
  unwrap(command: CommandApdu): CommandApdu | null {
    this.#counter += 1;
    const checked = this.#unwrapMac(command);
    if (checked === null || checked.data.length === 0) return checked;
    const data = this.#decrypt(checked.data, 'command');
    return data === null ? null : { ...checked, data };
  }

  /** Errors are answered in the clear: there is nothing in them but their word. */
  wrapResponse({ data, sw }: ResponseApdu): ResponseApdu {
    if (!isSuccess(sw)) return { data: new Uint8Array(0), sw };
    const hidden = data.length === 0 ? data : this.#encrypt(data, 'response');
    return { data: concat(hidden, this.#responseMac(hidden, sw)), sw };
  }

  /** The response in the clear; null where it was changed, or belongs to another command. */
  unwrapResponse({ data, sw }: ResponseApdu): ResponseApdu | null {
    if (!isSuccess(sw)) return { data: new Uint8Array(0), sw };
    if (data.length < MAC_BYTES) return null;
    const hidden = data.subarray(0, -MAC_BYTES);
    if (!equalSecret(data.subarray(-MAC_BYTES), this.#responseMac(hidden, sw))) return null;
    if (hidden.length === 0) return { data: hidden, sw };
    const clear = this.#decrypt(hidden, 'response');
    return clear === null ? null : { data: clear, sw };
  }

  #unwrapMac(command: CommandApdu): CommandApdu | null {
    const { data } = command;
    if (data.length < MAC_BYTES) return null;
    const body = data.slice(0, -MAC_BYTES);
    const mac = this.#commandMac(command, body);
    return equalSecret(mac, data.subarray(-MAC_BYTES)) ? { ...command, data: body } : null;
  }

  #commandMac({ cla, ins, p1, p2, le }: CommandApdu, data: Bytes): Bytes {
    const length = data.length + MAC_BYTES;
    const lc = lengthField(length, length > 255 || (le ?? 0) > 256);
    const header = Uint8Array.of(cla, ins, p1, p2);
    this.#chaining = cmac(concat(this.#chaining, header, lc, data), this.#session.mac);
    return this.#chaining.slice(0, MAC_BYTES);
  }

  #responseMac(data: Bytes, sw: number): Bytes {
    const word = Uint8Array.of(sw >> 8, sw & 0xff);
    return cmac(concat(this.#chaining, data, word), this.#session.rmac).slice(0, MAC_BYTES);
  }

  #encrypt(data: Bytes, way: 'command' | 'response'): Bytes {
    const padded = new Uint8Array((Math.floor(data.length / BLOCK_BYTES) + 1) * BLOCK_BYTES);
    padded.set(data);
    padded[data.length] = 0x80;
    const cipher = createCipheriv('aes-128-cbc', this.#session.enc, this.#icv(way));
    return Uint8Array.from(cipher.setAutoPadding(false).update(padded));
  }

  #decrypt(data: Bytes, way: 'command' | 'response'): Bytes | null {
    if (data.length % BLOCK_BYTES !== 0) return null;
    const cipher = createDecipheriv('aes-128-cbc', this.#session.enc, this.#icv(way));
    const padded = Uint8Array.from(cipher.setAutoPadding(false).update(data));
    const end = padded.findLastIndex((byte) => byte !== 0);
    return padded[end] === 0x80 ? padded.slice(0, end) : null;
  }

  /** The number of the command, encrypted: so that equal data never look alike. */
  #icv(way: 'command' | 'response'): Bytes {
    const counter = new Uint8Array(BLOCK_BYTES);
    new DataView(counter.buffer).setUint32(BLOCK_BYTES - 4, this.#counter);
    if (way === 'response') counter[0] = 0x80;
    const cipher = createCipheriv('aes-128-ecb', this.#session.enc, null);
    return Uint8Array.from(cipher.setAutoPadding(false).update(counter));
  }
}
