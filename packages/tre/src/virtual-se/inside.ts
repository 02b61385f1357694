import type { KeyObject } from 'node:crypto';
import { type Bytes, err, ok } from '@tallystick/protocol';
import type { Sealer } from '../isolated/sealer.ts';
import { seal, unseal } from '../isolated/sealing.ts';
import type { Isolation } from '../isolated/serve.ts';
import { derKeys } from '../node/native-keys.ts';
import { bareEngine } from './bare-engine.ts';
import { VIRTUAL_SE } from './name.ts';

/** A key for anything else must not open a state. */
const PURPOSE = new TextEncoder().encode('tallystick virtual secure element, sealed state 1');

/** The inside of a virtual secure element: a machine of its own, and a seal under a key that its app brings. */
export const virtualSecureElement: Isolation<KeyObject> = {
  environment: VIRTUAL_SE,
  engine: async (code) => {
    const machine = await bareEngine(code);
    return (call) => machine.call('call', call);
  },
  keys: derKeys,
  sealer: (key) =>
    key === null ? err('BAD_FIELD', 'the sealing key is missing') : ok(underKey(key)),
};

/** An old seal under the same key opens like a new one. */
export function underKey(key: Bytes): Sealer {
  return {
    open: async (sealed) => unseal(sealed, key, PURPOSE),
    seal: async (content) => seal(content, key, PURPOSE),
    confirm: async () => undefined,
    counts: async () => ok(false),
  };
}
