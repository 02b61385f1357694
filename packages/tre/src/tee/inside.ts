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
  const counting = isCounted ? new TpmSealer(tpm) : null;
  return {
    environment: TEE,
    engine: vmEngine,
    keys: {
      ...tpm.keys,
      attest: (key, binding) => tpm.attester.evidence(key, binding, counting?.counter ?? null),
    },
    attester: tpm.attester,
    sealer: () => ok(counting ?? new UncountedSealer(tpm)),
  };
}
