import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { type Bytes, concat } from '../bytes.ts';

/** Ed25519 signatures that no honest signer makes, on which libraries are known to differ. */

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;
export const ORDER: bigint = Point.Fn.ORDER;
const FIELD = Point.Fp.ORDER;
/** A point of order eight. */
const TORSION = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');

/** A number as 32 bytes, least significant first. */
export function littleEndian(value: bigint): Bytes {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(at * 8)) & 255n));
}

function fromLittleEndian(bytes: Bytes): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function shifted(point: Point, by: number): Point {
  return Array.from({ length: by % 8 }).reduce<Point>((sum) => sum.add(TORSION), point);
}

/** The key of a scalar, moved by so many eighths of the small subgroup; scalar 0 leaves only that. */
export function hostileKey(scalar: bigint, eighths: number): Bytes {
  return shifted(scalar === 0n ? Point.ZERO : Point.BASE.multiply(scalar), eighths).toBytes();
}

/** Another spelling of a small y: the same number plus the field's prime. */
export function spelledOver(y: bigint): Bytes {
  return littleEndian(y + FIELD);
}

export interface Forging {
  readonly key: Bytes;
  /** Secret scalar behind the key, without its part of small order. */
  readonly scalar: bigint;
  /** Scalar behind the commitment; 0 for none. */
  readonly nonce: bigint;
  /** Eighths by which the commitment is moved. */
  readonly eighths: number;
}

/** A signature for which the equation times eight holds, and the plain one perhaps. */
export function forged({ key, scalar, nonce, eighths }: Forging, message: Bytes): Bytes {
  const commitment = hostileKey(nonce, eighths);
  const challenge = fromLittleEndian(sha512(concat(commitment, key, message))) % ORDER;
  return concat(commitment, littleEndian((nonce + challenge * scalar) % ORDER));
}
