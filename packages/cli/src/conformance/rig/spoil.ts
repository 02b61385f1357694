import { type Bytes, type Cbor, decodeCbor, encodeCbor, LIMITS } from '@tallystick/protocol';

/** Ways to change a signed message without signing it again. */

type Parts = [header: Bytes, unprotected: Cbor, payload: Bytes, signature: Bytes];

function parts(message: Bytes): Parts {
  return decodeCbor(message, LIMITS.frameBytes) as Parts;
}

/** The message with whatever becomes of its four parts. */
export function withParts(message: Bytes, change: (of: Parts) => Cbor[]): Bytes {
  return encodeCbor(change(parts(message)));
}

export function withSignature(message: Bytes, signature: Bytes): Bytes {
  return withParts(message, ([header, unprotected, payload]) => [
    header,
    unprotected,
    payload,
    signature,
  ]);
}

/** One bit of the signature flipped, in r, so that it stays low-S. */
export function withBadSignature(message: Bytes): Bytes {
  const [, , , signature] = parts(message);
  const flipped = signature.slice();
  flipped[20] = (flipped[20] ?? 0) ^ 1;
  return withSignature(message, flipped);
}

/** Order of P-256 (SEC 2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature that verifies as well: n − s. */
export function withHighS(message: Bytes): Bytes {
  const [, , , signature] = parts(message);
  let s = 0n;
  for (const byte of signature.subarray(32)) s = (s << 8n) | BigInt(byte);
  const high = signature.slice();
  let rest = ORDER - s;
  for (let at = 63; at >= 32; at--) {
    high[at] = Number(rest & 255n);
    rest >>= 8n;
  }
  return withSignature(message, high);
}

/** The payload as other CBOR, under the signature it had. */
export function withPayload(message: Bytes, change: (fields: Cbor[]) => Cbor): Bytes {
  return withParts(message, ([header, unprotected, payload, signature]) => [
    header,
    unprotected,
    encodeCbor(change(decodeCbor(payload, LIMITS.frameBytes) as Cbor[])),
    signature,
  ]);
}

/** The protected header with other entries. */
export function withHeader(message: Bytes, change: (header: Map<number, Cbor>) => void): Bytes {
  return withParts(message, ([header, ...rest]) => {
    const labels = new Map(decodeCbor(header) as Map<number, Cbor>);
    change(labels);
    return [encodeCbor(labels), ...rest];
  });
}
