import { softwarePublicKey, softwareSecretKey, softwareSign } from '@tallystick/protocol/software';
import type { KeyRing, RandomBytes, SigningKey } from './keys.ts';

const SEED_BYTES = 48;

/**
 * Keys in memory, drawn from the given randomness, that sign deterministically (RFC 6979): for the
 * simulator, where one seed must give the same bytes. Another `sign` has to give those bytes too.
 */
export function createMemoryKeys(
  random: RandomBytes,
  sign: typeof softwareSign = softwareSign,
): KeyRing {
  const keys = new Map<string, SigningKey>();
  return {
    key: (name, alg) => {
      const known = keys.get(name);
      if (known !== undefined) return Promise.resolve(known);
      const secret = softwareSecretKey(alg, random(SEED_BYTES));
      const made: SigningKey = {
        key: softwarePublicKey(alg, secret),
        sign: (message) => sign(alg, secret, message),
      };
      keys.set(name, made);
      return Promise.resolve(made);
    },
  };
}
