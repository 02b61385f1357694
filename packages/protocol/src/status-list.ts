import { unzlibSync, zlibSync } from 'fflate';
import type { Algorithm, Checking } from './algorithm.ts';
import { type Bytes, equal } from './bytes.ts';
import { type Cbor, decodeInner, encodeCbor } from './cbor.ts';
import { checkIssuingKey, type PurseCertificate, type Seconds, seconds } from './certificate.ts';
import { blob, label } from './codec.ts';
import { checkSignature, decodeSigned, NO_EXTERNAL, type Unsigned } from './cose.ts';
import { LIMITS } from './limits.ts';
import { version } from './records.ts';
import { demand, reject } from './result.ts';

/** Header type of a Token Status List in CWT form. */
export const STATUS_LIST_TYPE = 'application/statuslist+cwt';

/** Which certificates are revoked, as of an issuer time (TS-LST-1). */
export interface StatusList {
  readonly uri: string;
  readonly issuedAt: Seconds;
  readonly version: number;
  /** Status indices of revoked certificates, ascending. */
  readonly revoked: readonly number[];
}

// Claims of RFC 8392 and of the IETF Token Status List; the version is ours.
const SUBJECT = 2;
const ISSUED_AT = 6;
const STATUS_LIST = 65533;
const VERSION = -65539;

/** Header, one empty block, checksum: the inflater takes less for a request to fill its whole room. */
const ZLIB_BYTES_MIN = 8;

/** The CWT payload: one status bit a certificate, least significant bit first, in zlib form. */
export function encodeStatusList(list: StatusList): Bytes {
  const highest = list.revoked.reduce((most, index) => Math.max(most, checkedIndex(index)), 0);
  const bits = new Uint8Array(Math.floor(highest / 8) + 1);
  for (const index of list.revoked) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  const statusList = new Map<string, Cbor>([
    ['bits', 1],
    ['lst', zlibSync(bits, { level: 9 })],
  ]);
  return encodeCbor(
    new Map<number, Cbor>([
      [SUBJECT, list.uri],
      [ISSUED_AT, list.issuedAt],
      [STATUS_LIST, statusList],
      [VERSION, list.version],
    ]),
  );
}

/** A revocation that could not be written must never be lost in silence. */
function checkedIndex(index: number): number {
  if (Number.isInteger(index) && index >= 0 && index < LIMITS.listEntries) return index;
  throw new RangeError(`${index} is no status index`);
}

/** Reads a payload, unpacking at most `LIMITS.listEntries` bits (TS-LST-2). */
export function decodeStatusList(payload: Bytes): StatusList {
  const map = decodeInner(payload, LIMITS.listBytes + 256);
  demand(map instanceof Map, 'WRONG_KIND', 'not a status list');
  for (const wanted of [SUBJECT, ISSUED_AT, STATUS_LIST, VERSION]) {
    demand(map.has(wanted), 'MISSING_FIELD', `claim ${wanted}`);
  }
  demand(map.size === 4, 'BAD_FIELD', 'unknown claim');
  const inner: unknown = map.get(STATUS_LIST);
  demand(inner instanceof Map && inner.size === 2, 'BAD_FIELD', 'status_list');
  demand(inner.get('bits') === 1, 'BAD_FIELD', 'status_list.bits must be 1');
  const packed = blob(LIMITS.listBytes, ZLIB_BYTES_MIN).decode(inner.get('lst'), 'status_list.lst');
  return {
    uri: label().decode(map.get(SUBJECT), 'sub'),
    issuedAt: seconds.decode(map.get(ISSUED_AT), 'iat'),
    version: version.decode(map.get(VERSION), 'version'),
    revoked: setBits(unpack(packed)),
  };
}

/** Most lists are small; room for the largest is a megabyte, which takes longer to clear than to fill. */
const ROOMS: readonly number[] = [4_096, 65_536, LIMITS.listEntries / 8];

function unpack(packed: Bytes): Bytes {
  for (const [at, size] of ROOMS.entries()) {
    const isLast = at === ROOMS.length - 1;
    const bits = inflate(packed, size);
    // What does not fit may be data that are no list, or a list that needs more room.
    if (bits === null && isLast) reject('BAD_FIELD', 'status_list.lst is not zlib data');
    if (bits === null || (bits.length > size && !isLast)) continue;
    demand(bits.length <= size, 'OVERSIZED', 'status_list.lst unpacked');
    demand(endsWithSum(packed, bits), 'BAD_FIELD', 'status_list.lst has a wrong checksum');
    return bits;
  }
  throw new Error('the last room decides');
}

/** At most one byte more than `size`; null for what is not zlib data, or does not fit. */
function inflate(packed: Bytes, size: number): Bytes | null {
  // The inflater never writes past a buffer it is given; one byte of room too many shows an overrun.
  const room = new Uint8Array(size + 1);
  try {
    return unzlibSync(packed, { out: room });
  } catch {
    return null;
  }
}

/** Whether the last four bytes are the Adler-32 sum of the unpacked ones (RFC 1950), which the inflater skips. */
function endsWithSum(packed: Bytes, unpacked: Bytes): boolean {
  let low = 1;
  let high = 0;
  for (const byte of unpacked) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return equal(packed.subarray(-4), Uint8Array.of(high >> 8, high & 255, low >> 8, low & 255));
}

function setBits(bits: Bytes): number[] {
  const indices: number[] = [];
  bits.forEach((byte, at) => {
    for (let bit = 0; byte >> bit !== 0; bit++) if ((byte >> bit) & 1) indices.push(at * 8 + bit);
  });
  return indices;
}

/** What the operator signs to publish a list (TS-LST-1). */
export function unsignedStatusList(
  list: StatusList,
  signer: { alg: Algorithm; ref: Bytes },
): Unsigned {
  return {
    alg: signer.alg,
    kid: signer.ref,
    external: NO_EXTERNAL,
    payload: encodeStatusList(list),
    typ: STATUS_LIST_TYPE,
  };
}

/**
 * A status list signed by the operator's issuing key. The caller has checked the signer's chain, and
 * that the authority above it is the operator.
 * Rejects: decoding codes, UNKNOWN_CERTIFICATE, WRONG_ROLE for a key that holds a purse, BAD_SIGNATURE.
 */
export function* checkStatusList(bytes: Bytes, signer: PurseCertificate): Checking<StatusList> {
  const signed = decodeSigned(bytes, NO_EXTERNAL, {
    typ: STATUS_LIST_TYPE,
    maxBytes: LIMITS.listBytes + 1024,
  });
  const list = decodeStatusList(signed.payload);
  demand(equal(signed.kid, signer.ref), 'UNKNOWN_CERTIFICATE', 'signed under another');
  checkIssuingKey(signer);
  yield* checkSignature(signed, signer.key);
  return list;
}
