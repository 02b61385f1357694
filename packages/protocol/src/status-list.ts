import { zlibSync } from 'fflate';
import type { Algorithm, Checking } from './algorithm.ts';
import { type Bytes, equal } from './bytes.ts';
import { type Cbor, decodeInner, encodeCbor } from './cbor.ts';
import { checkIssuingKey, type PurseCertificate, type Seconds, seconds } from './certificate.ts';
import { blob, label } from './codec.ts';
import { checkSignature, decodeSigned, NO_EXTERNAL, type Unsigned } from './cose.ts';
import { LIMITS } from './limits.ts';
import { version } from './records.ts';
import { demand } from './result.ts';
import { unpackBits } from './unpack-bits.ts';

/** Header type of a Token Status List in CWT form. */
export const STATUS_LIST_TYPE = 'application/statuslist+cwt';

interface Claims {
  /** Where the list is published. */
  readonly uri: string;
  readonly issuedAt: Seconds;
  readonly version: number;
}

/** Which certificates are revoked, as of an issuer time (TS-LST-1). */
export interface StatusList extends Claims {
  /** One bit for each status index, at most `LIMITS.listEntries / 8` bytes; see {@link isStatusSet}. */
  readonly bits: Bytes;
}

/** A status list whose bits are not unpacked yet. */
export interface PackedStatusList extends Claims {
  /** The bits in zlib form (RFC 1950). */
  readonly packed: Bytes;
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
  const statusList = new Map<string, Cbor>([
    ['bits', 1],
    ['lst', zlibSync(list.bits, { level: 9 })],
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

/** Reads a payload but for its bits: all of it that costs next to nothing. Rejects: decoding codes. */
export function decodePackedStatusList(payload: Bytes): PackedStatusList {
  const map = decodeInner(payload, LIMITS.listBytes + 256);
  demand(map instanceof Map, 'WRONG_KIND', 'not a status list');
  for (const wanted of [SUBJECT, ISSUED_AT, STATUS_LIST, VERSION]) {
    demand(map.has(wanted), 'MISSING_FIELD', `claim ${wanted}`);
  }
  demand(map.size === 4, 'BAD_FIELD', 'unknown claim');
  const inner: unknown = map.get(STATUS_LIST);
  demand(inner instanceof Map && inner.size === 2, 'BAD_FIELD', 'status_list');
  demand(inner.get('bits') === 1, 'BAD_FIELD', 'status_list.bits must be 1');
  return {
    uri: label().decode(map.get(SUBJECT), 'sub'),
    issuedAt: seconds.decode(map.get(ISSUED_AT), 'iat'),
    version: version.decode(map.get(VERSION), 'version'),
    packed: blob(LIMITS.listBytes, ZLIB_BYTES_MIN).decode(inner.get('lst'), 'status_list.lst'),
  };
}

/**
 * Reads a payload, unpacking at most `LIMITS.listEntries` bits (TS-LST-2). Where the signature is
 * checked too, that comes first: {@link checkStatusList}.
 * Rejects: decoding codes; OVERSIZED and BAD_FIELD for the packed bits.
 */
export function decodeStatusList(payload: Bytes): StatusList {
  return unpacked(decodePackedStatusList(payload));
}

function unpacked({ packed, ...claims }: PackedStatusList): StatusList {
  return { ...claims, bits: unpackBits(packed) };
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
 * that the authority above it is the operator. The bits are unpacked last (TS-LST-2).
 * Rejects: decoding codes, UNKNOWN_CERTIFICATE, WRONG_ROLE for a key that holds a purse, BAD_SIGNATURE;
 * after these OVERSIZED and BAD_FIELD for the packed bits.
 */
export function* checkStatusList(bytes: Bytes, signer: PurseCertificate): Checking<StatusList> {
  const signed = decodeSigned(bytes, NO_EXTERNAL, {
    typ: STATUS_LIST_TYPE,
    maxBytes: LIMITS.listBytes + 1024,
  });
  const list = decodePackedStatusList(signed.payload);
  demand(equal(signed.kid, signer.ref), 'UNKNOWN_CERTIFICATE', 'signed under another');
  checkIssuingKey(signer);
  yield* checkSignature(signed, signer.key);
  return unpacked(list);
}
