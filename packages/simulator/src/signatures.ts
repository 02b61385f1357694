import { toHex } from '@tallystick/protocol';
import type { Sign } from './sim-element.ts';

/** Signatures remembered before the memory starts anew. */
const SIGNATURES_MAX = 20_000;

/**
 * Signs each message once, for worlds that are run again and again from one seed: signatures are
 * deterministic, so nothing that happens depends on this.
 */
export function rememberSignatures(sign: Sign): Sign {
  const known = new Map<string, Uint8Array>();
  return (alg, secretKey, message) => {
    const name = `${alg}.${toHex(secretKey)}.${toHex(message)}`;
    const before = known.get(name);
    if (before !== undefined) return before.slice();
    if (known.size >= SIGNATURES_MAX) known.clear();
    const signature = sign(alg, secretKey, message);
    known.set(name, signature.slice());
    return signature;
  };
}
