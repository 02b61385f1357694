import {
  type Bytes,
  type Cbor,
  concat,
  decodeCbor,
  decodeHeader,
  encodeCbor,
  requestDigest,
  Rejection,
  toHex,
} from '@tallystick/protocol';
import { mutateCbor } from '../engine/mutate-cbor.ts';
import type { Random } from '../engine/random.ts';
import type { Sign } from './cast.ts';

const READ_MAX = 1 << 20;

/**
 * Finds signed messages within an input, changes the payload of one, and signs it again with the key
 * of whoever signed it: so what stands behind a signature check is reached as well. A payment signs
 * the request that travels beside it.
 */
export function resigned(input: Bytes, signers: ReadonlyMap<string, Sign>, random: Random): Bytes {
  try {
    const item = decodeCbor(input, READ_MAX) as Cbor;
    return encodeCbor(within(item, signers, random, requestIn(item)));
  } catch (error) {
    if (error instanceof Rejection || error instanceof TypeError) return input;
    throw error;
  }
}

/** The request of a command that has one: its last byte string but flags. */
function requestIn(item: Cbor): Bytes {
  if (!Array.isArray(item)) return new Uint8Array(0);
  const blobs = (item as readonly Cbor[]).filter((each) => each instanceof Uint8Array);
  const last = blobs.at(-1);
  return blobs.length === 3 && last !== undefined ? requestDigest(last) : new Uint8Array(0);
}

function within(
  item: Cbor,
  signers: ReadonlyMap<string, Sign>,
  random: Random,
  external: Bytes,
): Cbor {
  if (item instanceof Uint8Array) return rewritten(item, signers, random, external);
  if (!Array.isArray(item) || item.length === 0) return item;
  const list = item as readonly Cbor[];
  const at = random.below(list.length);
  return list.with(at, within(list[at] ?? null, signers, random, external));
}

function rewritten(
  bytes: Bytes,
  signers: ReadonlyMap<string, Sign>,
  random: Random,
  external: Bytes,
): Bytes {
  const parts = decodeCbor(bytes, READ_MAX);
  if (!Array.isArray(parts) || parts.length !== 4) return bytes;
  const [header, , payload] = parts as unknown[];
  if (!(header instanceof Uint8Array) || !(payload instanceof Uint8Array)) return bytes;
  const sign = signers.get(toHex(decodeHeader(header).kid));
  if (sign === undefined) return bytes;
  const changed = mutateCbor(payload, concat(bytes, external), random);
  const isPayment = decodedKind(changed) === 2;
  return sign({ payload: changed, external: isPayment ? external : new Uint8Array(0) });
}

function decodedKind(payload: Bytes): unknown {
  const item = decodeCbor(payload, READ_MAX);
  return Array.isArray(item) ? (item as unknown[])[0] : undefined;
}
