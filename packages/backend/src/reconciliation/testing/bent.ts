import { type Bytes, decodeSigned, encodeSigned } from '@tallystick/protocol';

/** A signed message under a signature that does not hold. */
export function bent(wire: Bytes): Bytes {
  const signed = decodeSigned(wire);
  const signature = Uint8Array.from(signed.signature, (byte, at) => (at === 0 ? byte ^ 1 : byte));
  return encodeSigned({ ...signed, signature });
}
