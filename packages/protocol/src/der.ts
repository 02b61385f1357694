import { type Bytes, equal } from './bytes.ts';

/** An ES256 signature is two integers of this many bytes, one after the other. */
const INTEGER_BYTES = 32;
/** In DER, each of both may need a zero in front; every head is two bytes. */
const DER_BYTES_MAX = 2 + 2 * (2 + 1 + INTEGER_BYTES);
const SEQUENCE = 0x30;
const INTEGER = 0x02;

/**
 * An ES256 signature as DER (ECDSA-Sig-Value of RFC 3279 §2.2.3), the form that native cryptography
 * works with: it takes any other only at the price of a conversion. Throws RangeError for other than
 * 64 bytes.
 */
export function signatureToDer(signature: Bytes): Bytes {
  if (signature.length !== 2 * INTEGER_BYTES) {
    throw new RangeError(`an ES256 signature of ${signature.length} bytes`);
  }
  const der = new Uint8Array(DER_BYTES_MAX);
  const middle = writeInteger(der, 2, signature, 0);
  const end = writeInteger(der, middle, signature, INTEGER_BYTES);
  der[0] = SEQUENCE;
  der[1] = end - 2;
  return der.subarray(0, end);
}

/** Writes the integer that stands in `from` at `start` without needless zeros; says where it ended. */
function writeInteger(der: Bytes, at: number, from: Bytes, start: number): number {
  const end = start + INTEGER_BYTES;
  let first = start;
  while (first < end - 1 && from[first] === 0) first++;
  // A high bit would make it a negative number: a zero goes before it, and is there already.
  const padding = (from[first] ?? 0) >> 7;
  const length = padding + end - first;
  der[at] = INTEGER;
  der[at + 1] = length;
  der.set(from.subarray(first, end), at + 2 + padding);
  return at + 2 + length;
}

/**
 * The 64 bytes of an ES256 signature that native cryptography made as DER. Throws TypeError for
 * whatever {@link signatureToDer} would not have written.
 */
export function signatureFromDer(der: Bytes): Bytes {
  const signature = new Uint8Array(2 * INTEGER_BYTES);
  const middle = 4 + (der[3] ?? 0);
  readInteger(der.subarray(4, middle), signature, INTEGER_BYTES);
  readInteger(der.subarray(middle + 2), signature, 2 * INTEGER_BYTES);
  // All that makes the form strict at once: there is one DER of what was read, and this must be it.
  if (!equal(signatureToDer(signature), der)) throw new TypeError('no ES256 signature in DER');
  return signature;
}

/** Puts the last bytes of an integer before `end`. */
function readInteger(integer: Bytes, signature: Bytes, end: number): void {
  const digits = integer.subarray(-INTEGER_BYTES);
  signature.set(digits, end - digits.length);
}
