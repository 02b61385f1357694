import { type Bytes, concat, equal } from '@tallystick/protocol';

/** What an applet and its apps agree on; spec/25 has the clauses. */

/** Registered application provider identifier of the kind that anybody may use (ISO/IEC 7816-4), and a name. */
export const AID: Bytes = Uint8Array.from([0xf0, ...new TextEncoder().encode('TALLYSTICK'), 1]);

export const INS = {
  execute: 0x10,
  readLog: 0x12,
  verify: 0x20,
  initializeUpdate: 0x50,
  externalAuthenticate: 0x82,
  select: 0xa4,
  getResponse: 0xc0,
  putKey: 0xd8,
  install: 0xe6,
  load: 0xe8,
} as const;

/** P2 of VERIFY: the holder's PIN, of this application. */
export const HOLDER_PIN = 0x81;

/** The key that a card comes with, and that which binds it to an app. */
export const KEY_VERSION = { transport: 1, bound: 2 } as const;

/**
 * Data of one APDU of a chain, before secure messaging adds to it: where both sides take extended lengths,
 * as much as a card's buffer holds; and what fits a short one.
 */
export const CHUNK_BYTES = { extended: 2_000, short: 223 } as const;

/** What SELECT tells before any channel is open. */
export interface CardInfo {
  readonly isBound: boolean;
  /** Of the image that runs; null where there is none yet. */
  readonly measurement: Bytes | null;
  /** Why the purse in it does not open, in a code; null where it does, or where there is none yet. */
  readonly fault: string | null;
}

const TAG = {
  fci: 0x6f,
  aid: 0x84,
  proprietary: 0xa5,
  bound: 0x81,
  measurement: 0x82,
  fault: 0x83,
} as const;

/** One byte of tag, one of length, value: nothing here is longer. */
function encodeTlv(tag: number, value: Bytes | null): Bytes {
  return value === null ? new Uint8Array(0) : concat(Uint8Array.of(tag, value.length), value);
}

/** File control information (ISO/IEC 7816-4, 7.4.3). */
export function encodeInfo({ isBound, measurement, fault }: CardInfo): Bytes {
  const own = concat(
    encodeTlv(TAG.bound, Uint8Array.of(isBound ? 1 : 0)),
    encodeTlv(TAG.measurement, measurement),
    encodeTlv(TAG.fault, fault === null ? null : new TextEncoder().encode(fault)),
  );
  return encodeTlv(TAG.fci, concat(encodeTlv(TAG.aid, AID), encodeTlv(TAG.proprietary, own)));
}

/** Reads it strictly: what another encoding says is another applet's. Null for that. */
export function decodeInfo(bytes: Bytes): CardInfo | null {
  const own = bytes.subarray(2 + 2 + AID.length + 2);
  const parts = new Map<number, Bytes>();
  for (let at = 0; at + 1 < own.length; at += 2 + (own[at + 1] ?? 0)) {
    parts.set(own[at] ?? 0, own.slice(at + 2, at + 2 + (own[at + 1] ?? 0)));
  }
  const fault = parts.get(TAG.fault);
  const info = {
    isBound: parts.get(TAG.bound)?.[0] === 1,
    measurement: parts.get(TAG.measurement) ?? null,
    fault: fault === undefined ? null : String.fromCharCode(...fault),
  };
  return equal(encodeInfo(info), bytes) ? info : null;
}
