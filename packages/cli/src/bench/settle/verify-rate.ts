import { startPool } from '@tallystick/backend';
import type { SignatureCheck } from '@tallystick/protocol';
import { nativeKey } from '../native-key.ts';

const KEYS = 64;
const MESSAGE_BYTES = 200;
/** So many batches are on their way at once that no worker ever waits. */
const BATCHES = 8;

/** Signatures a second that all cores verify together, their keys imported: the most a backend can. */
export async function measureVerifying(
  checksTotal: number,
  workers: number,
  elapsedMs: () => number,
): Promise<number> {
  const pool = startPool({ workers });
  try {
    const checks = makeChecks(Math.ceil(checksTotal / BATCHES));
    const round = (): Promise<unknown> =>
      Promise.all(Array.from({ length: BATCHES }, () => pool.verifyMany(checks)));
    await round();
    const startMs = elapsedMs();
    await round();
    return (checks.length * BATCHES * 1_000) / (elapsedMs() - startMs);
  } finally {
    await pool.close();
  }
}

function makeChecks(count: number): SignatureCheck[] {
  const keys = Array.from({ length: KEYS }, nativeKey);
  return Array.from({ length: count }, (_, number) => {
    const { publicKey, sign } = keys[number % KEYS] ?? nativeKey();
    const message = new Uint8Array(MESSAGE_BYTES).fill(number);
    return { key: publicKey, message, signature: sign(message) };
  });
}
