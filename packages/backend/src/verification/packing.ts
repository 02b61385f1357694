import type { Algorithm, SignatureCheck } from '@tallystick/protocol';

/**
 * Signature checks as one run of bytes, so that a batch crosses to another thread without copying
 * objects. Layout, little-endian:
 *
 * - one verdict byte per check: 0 fails, 1 holds;
 * - per check: algorithm (i32), lengths of key, signature and message (u32 each), then their bytes.
 */
const HEAD_BYTES = 16;

/** Bytes that a batch of these checks takes. */
export function packedLength(checks: readonly SignatureCheck[]): number {
  return checks.reduce((total, check) => total + 1 + HEAD_BYTES + bodyLength(check), 0);
}

function bodyLength({ key, signature, message }: SignatureCheck): number {
  return key.bytes.length + signature.length + message.length;
}

/** Writes the batch from the start of `into`, which must hold {@link packedLength} bytes. */
export function pack(checks: readonly SignatureCheck[], into: SharedArrayBuffer): void {
  const bytes = new Uint8Array(into);
  const view = new DataView(into);
  let at = checks.length;
  bytes.fill(0, 0, at);
  for (const { key, signature, message } of checks) {
    view.setInt32(at, key.alg, true);
    view.setUint32(at + 4, key.bytes.length, true);
    view.setUint32(at + 8, signature.length, true);
    view.setUint32(at + 12, message.length, true);
    at += HEAD_BYTES;
    for (const part of [key.bytes, signature, message]) {
      bytes.set(part, at);
      at += part.length;
    }
  }
}

/** Reads a batch of `count` checks; their bytes alias `from`. */
export function* unpack(from: SharedArrayBuffer, count: number): Generator<SignatureCheck> {
  const view = new DataView(from);
  let at = count;
  const take = (length: number): Uint8Array => {
    at += length;
    return new Uint8Array(from, at - length, length);
  };
  for (let index = 0; index < count; index++) {
    const alg = view.getInt32(at, true) as Algorithm;
    const keyLength = view.getUint32(at + 4, true);
    const signatureLength = view.getUint32(at + 8, true);
    const messageLength = view.getUint32(at + 12, true);
    at += HEAD_BYTES;
    const key = { alg, bytes: take(keyLength) };
    yield { key, signature: take(signatureLength), message: take(messageLength) };
  }
}

/** Writes one verdict. */
export function setVerdict(into: SharedArrayBuffer, index: number, holds: boolean): void {
  new Uint8Array(into)[index] = holds ? 1 : 0;
}

/** The verdicts of a batch whose worker is done. */
export function verdictsOf(from: SharedArrayBuffer, count: number): boolean[] {
  return Array.from(new Uint8Array(from, 0, count), (verdict) => verdict === 1);
}
