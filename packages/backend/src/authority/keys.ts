import type { Algorithm, Bytes, PublicKey } from '@tallystick/protocol';

/** A key that signs without being seen: in memory, in a database of a sandbox, later in an HSM. */
export interface SigningKey {
  readonly key: PublicKey;
  /** Signs to-be-signed bytes; ES256 comes in its low-S form (TS-SIG-4). */
  sign(message: Bytes): Bytes | Promise<Bytes>;
}

/** The scheme's own keys, each made on its first use. */
export interface KeyRing {
  key(name: string, alg: Algorithm): Promise<SigningKey>;
}

/** Draws that many random bytes. */
export type RandomBytes = (length: number) => Bytes;
