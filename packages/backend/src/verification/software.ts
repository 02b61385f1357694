import type { SignatureCheck } from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import type { VerifyMany } from './verifier.ts';

/** Verifies in plain JavaScript on the calling thread: for the simulator and for engines without Node. */
export function verifyInSoftware(checks: readonly SignatureCheck[]): boolean[] {
  return checks.map(softwareVerify);
}

/** {@link verifyInSoftware} behind the asynchronous interface. */
export const softwareVerifier: VerifyMany = (checks) => Promise.resolve(verifyInSoftware(checks));
