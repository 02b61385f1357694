import { play, type PlayOptions } from '../attack/play.ts';
import { SNAPSHOT_ROLLBACK } from '../attack/state/rollback.ts';
import { ENVIRONMENTS, teeUncounted } from '../environments/index.ts';
import type { RestoredRow } from './rows.ts';

/**
 * Puts an old copy back in the emulated TEE, with the TPM's counter and chain and without, and in the
 * plain process: the very attack of the gallery, on real processes and a real TPM's software.
 */
export async function restoreSnapshots(options: PlayOptions): Promise<readonly RestoredRow[]> {
  const usual = ENVIRONMENTS.filter(({ name }) => name === 'tee' || name === 'plain');
  const rows = await play([SNAPSHOT_ROLLBACK], [...usual, teeUncounted], options);
  return rows.map(({ environment, outcome, evidence: { refusal, remark } }) => ({
    environment,
    outcome,
    refusal,
    remark,
  }));
}
