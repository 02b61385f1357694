import {
  type Bytes,
  type Cbor,
  concat,
  decodeCbor,
  encodeCbor,
  LIMITS,
} from '@tallystick/protocol';

/** Ways to break a message, each with the code it must be refused with (TS-ERR-1). */
export interface Spoiler {
  readonly name: string;
  readonly code: string;
  readonly spoil: (message: Bytes) => Bytes;
}

type Parts = [header: Bytes, unprotected: Map<never, never>, payload: Bytes, signature: Bytes];

function resigned(change: (parts: Parts) => Cbor[]): (message: Bytes) => Bytes {
  return (message) => encodeCbor(change(decodeCbor(message, LIMITS.frameBytes) as Parts));
}

function withPayload(change: (payload: Cbor) => Cbor): (message: Bytes) => Bytes {
  return resigned(([header, unprotected, payload, signature]) => {
    const item = decodeCbor(payload, LIMITS.frameBytes) as Cbor;
    return [header, unprotected, encodeCbor(change(item)), signature];
  });
}

/** For any CBOR at all. */
export const bytesSpoilers: readonly Spoiler[] = [
  { name: 'nothing at all', code: 'MALFORMED', spoil: () => new Uint8Array(0) },
  { name: 'no CBOR', code: 'MALFORMED', spoil: () => Uint8Array.of(0xff) },
  { name: 'cut short', code: 'MALFORMED', spoil: (message) => message.slice(0, -1) },
  {
    name: 'trailing',
    code: 'TRAILING_BYTES',
    spoil: (message) => concat(message, new Uint8Array(1)),
  },
  {
    name: 'in another encoding',
    code: 'NON_CANONICAL',
    spoil: (message) => concat(Uint8Array.of(0x98, (message[0] ?? 0) & 31), message.slice(1)),
  },
  { name: 'no array', code: 'WRONG_KIND', spoil: () => encodeCbor('x') },
];

/** For a COSE_Sign1 of this scheme, signed with ES256. */
export const signedSpoilers: readonly Spoiler[] = [
  ...bytesSpoilers,
  {
    name: 'without signature',
    code: 'MISSING_FIELD',
    spoil: resigned((parts) => parts.slice(0, 3)),
  },
  { name: 'with a fifth part', code: 'BAD_FIELD', spoil: resigned((parts) => [...parts, 0]) },
  {
    name: 'with an unprotected header',
    code: 'BAD_FIELD',
    spoil: resigned(([header, , payload, signature]) => [
      header,
      new Map([[1, -7]]),
      payload,
      signature,
    ]),
  },
  {
    name: 'of an unknown algorithm',
    code: 'UNKNOWN_ALGORITHM',
    spoil: resigned(([header, ...rest]) => {
      const labels = decodeCbor(header) as Map<number, Cbor>;
      return [encodeCbor(new Map([...labels, [1, -257]])), ...rest];
    }),
  },
  {
    name: 'with s above half the order',
    code: 'HIGH_S',
    spoil: resigned(([header, unprotected, payload, signature]) => {
      const high = signature.slice();
      high.fill(0xfe, 32);
      return [header, unprotected, payload, high];
    }),
  },
  {
    name: 'with a forged signature',
    code: 'BAD_SIGNATURE',
    spoil: resigned(([header, unprotected, payload, signature]) => {
      const forged = signature.slice();
      forged[31] = (forged[31] ?? 0) ^ 1;
      return [header, unprotected, payload, forged];
    }),
  },
];

/** For what is signed, where it is a list of fields after a kind. */
export const payloadSpoilers: readonly Spoiler[] = [
  {
    name: 'of another kind',
    code: 'WRONG_KIND',
    spoil: withPayload((fields) => [99, ...(fields as Cbor[]).slice(1)]),
  },
  {
    name: 'without its last field',
    code: 'MISSING_FIELD',
    spoil: withPayload((fields) => (fields as Cbor[]).slice(0, -1)),
  },
  {
    name: 'with a field too many',
    code: 'BAD_FIELD',
    spoil: withPayload((fields) => [...(fields as Cbor[]), 0]),
  },
  {
    name: 'with a field of another type',
    code: 'BAD_FIELD',
    spoil: withPayload((fields) => [...(fields as Cbor[]).slice(0, -1), 'x']),
  },
];

/** For the claims of a certificate or list. */
export const claimsSpoilers: readonly Spoiler[] = [
  { name: 'without claims', code: 'MISSING_FIELD', spoil: withPayload(() => new Map()) },
  { name: 'no claims', code: 'WRONG_KIND', spoil: withPayload(() => [1]) },
];
