import type { SignatureCheck } from '@tallystick/protocol';
import type { Host } from '@tallystick/tre';
import type { Effect } from '@tallystick/trusted-app';
import { type NativeKey, nativeKey } from '../native-key.ts';

/**
 * A host whose keys and verifications are the engine's own; everything else stays with the other.
 * `keys` are those it has, by slot; it adds those that it makes.
 */
export function nativeHost(
  other: Host,
  verify: (check: SignatureCheck) => boolean,
  keys: Map<number, NativeKey>,
): Host {
  const keyOf = (slot: number): NativeKey => {
    const key = keys.get(slot);
    if (key === undefined) throw new RangeError(`no key in slot ${slot}`);
    return key;
  };
  return {
    load: () => other.load(),
    truncateLog: (end) => other.truncateLog(end),
    close: () => other.close(),
    carryOut: (effect: Effect) => {
      switch (effect.kind) {
        case 'generate-key': {
          const key = nativeKey();
          keys.set(effect.slot, key);
          return Promise.resolve(key.publicKey.bytes);
        }
        case 'sign':
          return Promise.resolve(keyOf(effect.slot).sign(effect.message));
        case 'verify':
          return Promise.resolve(verify(effect.check));
        default:
          return other.carryOut(effect);
      }
    },
  };
}
