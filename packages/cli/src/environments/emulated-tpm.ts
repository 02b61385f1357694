import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Emulator, startEmulator, type TpmManufacturer } from '@tallystick/tre/tpm';

/** The TPM of a device, which a maker makes first where there is one. Rejects with TpmFailure. */
export async function startTpm(folder: string, maker?: TpmManufacturer): Promise<Emulator> {
  const chip = join(folder, 'tpm');
  if (!existsSync(chip)) await maker?.make(chip);
  return startEmulator(chip);
}
