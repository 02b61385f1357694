import { ok } from '@tallystick/protocol';
import type { Isolation } from '../isolated/serve.ts';
import { vmEngine } from '../node/vm-engine.ts';
import type { WrappedKey } from '../tpm/keys.ts';
import type { OpenTpm } from '../tpm/open.ts';
import { TEE } from './name.ts';
import { TpmSealer } from './tpm-sealer.ts';
import { UncountedSealer } from './uncounted-sealer.ts';

/** The inside of the emulated TEE: the TPM has the keys, and vouches for the one state that counts. */
export function trustedExecution(tpm: OpenTpm, isCounted: boolean): Isolation<WrappedKey> {
  return {
    environment: TEE,
    engine: vmEngine,
    keys: tpm.keys,
    sealer: () => ok(isCounted ? new TpmSealer(tpm) : new UncountedSealer(tpm)),
  };
}
