import { unzlibSync, zlibSync } from 'fflate';
import type { Algorithm, Checking } from './algorithm.ts';
import type { Bytes } from './bytes.ts';
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts';
import { type PurseCertificate, type Seconds, seconds } from './certificate.ts';
import { blob, label } from './codec.ts';
import { checkSignature, decodeSigned, NO_EXTERNAL, type Unsigned } from './cose.ts';
import { LIMITS } from './limits.ts';
import { version } from './records.ts';
import { demand, Rejection, reject } from './result.ts';

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

/** The CWT payload: one status bit a certificate, least significant bit first, in zlib form. */
export function encodeStatusList(list: StatusList): Bytes {
  const bits = new Uint8Array(Math.floor((list.revoked.at(-1) ?? 0) / 8) + 1);
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

/** Reads a payload, unpacking at most `LIMITS.listEntries` bits. */
export function decodeStatusList(payload: Bytes): StatusList {
  const map = decodeCbor(payload, LIMITS.listBytes + 256);
  demand(map instanceof Map, 'WRONG_KIND', 'not a status list');
  for (const wanted of [SUBJECT, ISSUED_AT, STATUS_LIST, VERSION]) {
    demand(map.has(wanted), 'MISSING_FIELD', `claim ${wanted}`);
  }
  demand(map.size === 4, 'BAD_FIELD', 'unknown claim');
  const inner: unknown = map.get(STATUS_LIST);
  demand(inner instanceof Map && inner.size === 2, 'BAD_FIELD', 'status_list');
  demand(inner.get('bits') === 1, 'BAD_FIELD', 'status_list.bits must be 1');
  const packed = blob(LIMITS.listBytes).decode(inner.get('lst'), 'status_list.lst');
  return {
    uri: label().decode(map.get(SUBJECT), 'sub'),
    issuedAt: seconds.decode(map.get(ISSUED_AT), 'iat'),
    version: version.decode(map.get(VERSION), 'version'),
    revoked: setBits(unpack(packed)),
  };
}

function unpack(packed: Bytes): Bytes {
  // The inflater never writes past a buffer it is given; one byte of room too many shows an overrun.
  const room = new Uint8Array(LIMITS.listEntries / 8 + 1);
  try {
    const bits = unzlibSync(packed, { out: room });
    demand(bits.length < room.length, 'OVERSIZED', 'status_list.lst unpacked');
    return bits;
  } catch (error) {
    if (error instanceof Rejection) throw error;
    return reject('BAD_FIELD', 'status_list.lst is not zlib data within its bound');
  }
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

/** A status list signed by the operator's issuing key; the signer's own chain is checked by the caller. */
export function* checkStatusList(bytes: Bytes, signer: PurseCertificate): Checking<StatusList> {
  const signed = decodeSigned(bytes, NO_EXTERNAL, {
    typ: STATUS_LIST_TYPE,
    maxBytes: LIMITS.listBytes + 1024,
  });
  const list = decodeStatusList(signed.payload);
  yield* checkSignature(signed, signer.key);
  return list;
}
