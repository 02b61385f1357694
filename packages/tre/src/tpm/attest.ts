import type { Bytes, TpmCounter, TpmStatement } from '@tallystick/protocol';
import type { Tpm, TpmCommand } from './client.ts';
import { ALG, CC, HANDLE } from './constants.ts';
import { readSignature } from './keys.ts';
import { NV_COUNTER } from './nv.ts';
import { TpmWriter } from './structures.ts';

/** Registers 0 to 7, of SHA-256: what the firmware and the boot loader were (TCG PC Client profile). */
const BOOT_REGISTERS = new TpmWriter().u32(1).u16(ALG.sha256).u8(3).u8(0xff).u16(0).done();

/** The TPM says that a loaded key is in it, and of what kind (TPM2_Certify). */
export function certifyKey(
  tpm: Tpm,
  attestationKey: number,
  key: number,
  about: Bytes,
): Promise<TpmStatement> {
  return state(tpm, about, {
    code: CC.certify,
    handles: [key, attestationKey],
    sessions: [HANDLE.password, HANDLE.password],
  });
}

/** The TPM says what the platform booted (TPM2_Quote). */
export function quoteBoot(tpm: Tpm, attestationKey: number, about: Bytes): Promise<TpmStatement> {
  const command = { code: CC.quote, handles: [attestationKey], sessions: [HANDLE.password] };
  return state(tpm, about, command, BOOT_REGISTERS);
}

/** The TPM says of what kind a counter is, and where it stands (TPM2_NV_Certify). */
export async function certifyCounter(
  tpm: Tpm,
  attestationKey: number,
  handle: number,
  about: Bytes,
): Promise<TpmCounter> {
  const command = {
    code: CC.nvCertify,
    handles: [attestationKey, handle, handle],
    sessions: [HANDLE.password, HANDLE.password],
  };
  const whole = new TpmWriter().u16(NV_COUNTER.bytes).u16(0).done();
  return { handle, certified: await state(tpm, about, command, whole) };
}

/** A statement over `about`, in the attestation key's own scheme. */
async function state(
  tpm: Tpm,
  about: Bytes,
  command: TpmCommand,
  more: Bytes = new Uint8Array(0),
): Promise<TpmStatement> {
  const parameters = new TpmWriter().sized(about).u16(ALG.null).bytes(more).done();
  const response = await tpm.run({ ...command, parameters });
  const attest = response.parameters.sized();
  return { attest, signature: readSignature(response.parameters) };
}
