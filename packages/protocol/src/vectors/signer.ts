import { type Algorithm, ALGORITHMS, ES256, ML_DSA_44, type PublicKey } from '../algorithm.ts';
import { type Bytes, concat, sha256 } from '../bytes.ts';
import { type Cbor, encodeCbor } from '../cbor.ts';
import { encodeSigned, NO_EXTERNAL, toBeSigned, type Unsigned } from '../cose.ts';
import { softwarePublicKey, softwareSign } from '../software.ts';

/** A key made from a name: the same on every machine. Never for money. */
export interface Signer {
  readonly key: PublicKey;
  readonly secret: Bytes;
}

/** The key of a name. ML-DSA-44 has no signer here: its keys and signatures are only as long as real ones. */
export function signerOf(name: string, alg: Algorithm = ES256): Signer {
  const secret = sha256(encodeCbor([alg, name]));
  if (alg === ML_DSA_44) {
    return { secret, key: { alg, bytes: stretched(secret, ALGORITHMS[alg].publicKeyBytes) } };
  }
  return { secret, key: softwarePublicKey(alg, secret) };
}

/** The message signed, as COSE_Sign1. */
export function sign(message: Unsigned, signer: Signer): Bytes {
  return encodeSigned({ ...message, signature: signature(message, signer) });
}

/** Deterministic: RFC 6979 for ES256, RFC 8032 for Ed25519, a stand-in for ML-DSA-44. */
export function signature(message: Unsigned, signer: Signer): Bytes {
  if (signer.key.alg === ML_DSA_44) {
    const seed = sha256(concat(signer.secret, toBeSigned(message)));
    return stretched(seed, ALGORITHMS[ML_DSA_44].signatureBytes);
  }
  return softwareSign(signer.key.alg, signer.secret, toBeSigned(message));
}

/** What a signer signs under a reference. */
export function unsigned(
  alg: Algorithm,
  kid: Bytes,
  payload: Cbor,
  external: Bytes = NO_EXTERNAL,
): Unsigned {
  return { alg, kid, external, payload: encodeCbor(payload) };
}

function stretched(seed: Bytes, length: number): Bytes {
  const out = new Uint8Array(length);
  for (let at = 0, block = 0; at < length; at += 32, block++) {
    out.set(sha256(concat(seed, Uint8Array.of(block))).slice(0, length - at), at);
  }
  return out;
}
