import { ALGORITHMS, ED25519, ES256, type SignatureCheck } from './algorithm.ts';
import { type Bytes, equal, fromHex } from './bytes.ts';
import { normaliseSignature } from './cose.ts';

/**
 * Whether key and signature have the one form that every verifier must agree about (TS-ALG-5,
 * TS-SIG-4). Cryptographic libraries differ on the rest, and between their own editions: whoever
 * verifies asks this first, so that two devices never judge one payment differently.
 */
export function hasStrictForm({ key, signature }: SignatureCheck): boolean {
  const { publicKeyBytes, signatureBytes } = ALGORITHMS[key.alg];
  if (key.bytes.length !== publicKeyBytes || signature.length !== signatureBytes) return false;
  switch (key.alg) {
    case ES256:
      return normaliseSignature(ES256, signature) === signature;
    case ED25519:
      return (
        isStrictPoint(key.bytes) &&
        isStrictPoint(signature.subarray(0, 32)) &&
        isBelow(signature.subarray(32), ORDER)
      );
    default:
      return true;
  }
}

const FIELD = littleEndian('7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed');
const ORDER = littleEndian('1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed');

/** The y of the eight points of small order: under such a key one signature fits many messages. */
const SMALL_ORDER: readonly Bytes[] = [
  littleEndian('0000000000000000000000000000000000000000000000000000000000000000'),
  littleEndian('0000000000000000000000000000000000000000000000000000000000000001'),
  littleEndian('7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec'),
  littleEndian('7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7'),
  littleEndian('05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826'),
];

function littleEndian(hex: string): Bytes {
  return (fromHex(hex) ?? new Uint8Array(0)).reverse();
}

/** Whether the y of an encoded point is below the field's prime and not that of a small order. */
function isStrictPoint(point: Bytes): boolean {
  const y = point.slice();
  y[31] = (y[31] ?? 0) & 0x7f;
  return isBelow(y, FIELD) && !SMALL_ORDER.some((each) => equal(each, y));
}

function isBelow(value: Bytes, bound: Bytes): boolean {
  for (let index = 31; index >= 0; index--) {
    const difference = (value[index] ?? 0) - (bound[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
