import { type Bytes, concat } from '@tallystick/protocol';

/** A command APDU (ISO/IEC 7816-4, 5.1). */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Bytes;
  /** Most bytes that the response may have; null where none are expected. */
  readonly le: number | null;
}

/** A response APDU: data, and the status word. */
export interface ResponseApdu {
  readonly data: Bytes;
  readonly sw: number;
}

/** Status words (ISO/IEC 7816-4, 5.6), as far as the applet says them. */
export const SW = {
  ok: 0x9000,
  /** More of the response waits: the low byte says how much, 0 for 256 or more. */
  more: 0x6100,
  /** A wrong PIN or host cryptogram; the low half byte of a PIN's says how many tries are left. */
  wrongHost: 0x6300,
  wrongPin: 0x63c0,
  memoryFailure: 0x6581,
  wrongLength: 0x6700,
  lastOfChainExpected: 0x6883,
  chainingNotSupported: 0x6884,
  securityNotSatisfied: 0x6982,
  pinBlocked: 0x6983,
  conditionsNotSatisfied: 0x6985,
  messagingMissing: 0x6987,
  messagingWrong: 0x6988,
  wrongData: 0x6a80,
  fileNotFound: 0x6a82,
  recordNotFound: 0x6a83,
  noSpace: 0x6a84,
  wrongParameters: 0x6a86,
  referenceNotFound: 0x6a88,
  insNotSupported: 0x6d00,
  claNotSupported: 0x6e00,
  unknown: 0x6f00,
} as const;

/** CLA bits: proprietary, with secure messaging, and not the last of a chain. */
export const CLA = { interindustry: 0x00, proprietary: 0x80, secure: 0x04, chained: 0x10 } as const;

const HEADER_BYTES = 4;
const SHORT_DATA_MAX = 255;
const EXTENDED_DATA_MAX = 65_535;

/** Longest APDU there is. */
export const APDU_BYTES_MAX: number = HEADER_BYTES + 3 + EXTENDED_DATA_MAX + 2;

export function encodeApdu({ cla, ins, p1, p2, data, le }: CommandApdu): Bytes {
  if (data.length > EXTENDED_DATA_MAX) throw new RangeError('no APDU has so much data');
  const header = Uint8Array.of(cla, ins, p1, p2);
  const isExtended = data.length > SHORT_DATA_MAX || (le ?? 0) > 256;
  const lc = data.length === 0 ? new Uint8Array(0) : lengthField(data.length, isExtended);
  const expected = le === null ? new Uint8Array(0) : leField(le, isExtended, data.length > 0);
  return concat(header, lc, data, expected);
}

/** Lc, as it is sent and as it is authenticated. */
export function lengthField(length: number, isExtended: boolean): Bytes {
  return isExtended ? Uint8Array.of(0, length >> 8, length & 0xff) : Uint8Array.of(length);
}

function leField(le: number, isExtended: boolean, hasData: boolean): Bytes {
  if (!isExtended) return Uint8Array.of(le & 0xff);
  const field = Uint8Array.of((le >> 8) & 0xff, le & 0xff);
  return hasData ? field : concat(Uint8Array.of(0), field);
}

/** Reads a command APDU in any of its seven forms; null for bytes that have none of them (6700). */
export function decodeApdu(bytes: Bytes): CommandApdu | null {
  const [cla, ins, p1, p2, first] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return null;
  const make = (data: Bytes, le: number | null): CommandApdu => ({ cla, ins, p1, p2, data, le });
  const rest = bytes.subarray(HEADER_BYTES);
  const none = new Uint8Array(0);
  if (first === undefined) return make(none, null);
  if (rest.length === 1) return make(none, first === 0 ? 256 : first);
  const isExtended = first === 0;
  if (isExtended && rest.length < 3) return null;
  const named = isExtended ? ((rest[1] ?? 0) << 8) | (rest[2] ?? 0) : first;
  const start = isExtended ? 3 : 1;
  if (isExtended && rest.length === start) return make(none, named === 0 ? 65_536 : named);
  if (named === 0) return null;
  const data = rest.slice(start, start + named);
  const le = rest.subarray(start + named);
  if (data.length < named) return null;
  if (le.length === 0) return make(data, null);
  if (le.length !== (isExtended ? 2 : 1)) return null;
  const wanted = le.reduce((value, byte) => (value << 8) | byte, 0);
  return make(data, wanted === 0 ? 1 << (8 * le.length) : wanted);
}

export function encodeResponse({ data, sw }: ResponseApdu): Bytes {
  return concat(data, Uint8Array.of(sw >> 8, sw & 0xff));
}

/** Null for less than a status word. */
export function decodeResponse(bytes: Bytes): ResponseApdu | null {
  const [high, low] = bytes.subarray(-2);
  if (high === undefined || low === undefined) return null;
  return { data: bytes.slice(0, -2), sw: (high << 8) | low };
}

/** Normal processing or a warning: what secure messaging protects the response of. */
export function isSuccess(sw: number): boolean {
  const kind = sw >> 8;
  return sw === SW.ok || kind === 0x61 || kind === 0x62 || kind === 0x63;
}
