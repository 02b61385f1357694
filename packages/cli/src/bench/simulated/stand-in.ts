import {
  type Algorithm,
  type Bytes,
  concat,
  equal,
  sha256,
  type SignatureCheck,
} from '@tallystick/protocol';
import { softwarePublicKey, softwareSign, softwareVerify } from '@tallystick/protocol/software';

/**
 * Hashes in the place of signatures, and counts them: what a simulated world costs without its
 * arithmetic. Whoever knows a public key can sign for it, so it tells nothing about attackers. Keys
 * are real ones. So are the few signatures of whoever signs first, the scheme's root: a backend that
 * opens checks its authorities with a verifier of its own.
 */
export class StandIn {
  made = 0;
  verified = 0;
  readonly #publicKeys: Map<string, Bytes> = new Map();
  #root: Bytes | null = null;

  readonly sign = (alg: Algorithm, secretKey: Bytes, message: Bytes): Bytes => {
    this.made += 1;
    const publicKey = this.#publicKey(alg, secretKey);
    this.#root ??= publicKey;
    if (equal(publicKey, this.#root)) return softwareSign(alg, secretKey, message);
    return tagOf(publicKey, message);
  };

  readonly verify = (check: SignatureCheck): boolean => {
    this.verified += 1;
    const { key, message, signature } = check;
    if (this.#root !== null && equal(key.bytes, this.#root)) return softwareVerify(check);
    return equal(tagOf(key.bytes, message), signature);
  };

  #publicKey(alg: Algorithm, secretKey: Bytes): Bytes {
    const name = `${alg} ${Buffer.from(secretKey).toString('latin1')}`;
    const known = this.#publicKeys.get(name) ?? softwarePublicKey(alg, secretKey).bytes;
    this.#publicKeys.set(name, known);
    return known;
  }
}

/** 64 bytes with the form of an ES256 signature, its second half low. */
function tagOf(publicKey: Bytes, message: Bytes): Bytes {
  const half = (part: number): Bytes => sha256(Uint8Array.of(part), publicKey, message);
  const tag = concat(half(1), half(2));
  tag[32] = (tag[32] ?? 0) & 0x3f;
  return tag;
}
