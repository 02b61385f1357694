import { err, type Result } from '@tallystick/protocol';

/** Hardware that refused, answered nonsense, or did not answer. */
export abstract class HardwareFailure extends Error {}

/** Fails with HARDWARE_FAILED where hardware does not answer or refuses (TS-TRE-6). */
export async function refusingHardware<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HardwareFailure) return err('HARDWARE_FAILED', error.message);
    throw error;
  }
}
