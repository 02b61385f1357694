import type { Attack } from '../attack.ts';
import { SNAPSHOT_ROLLBACK } from './rollback.ts';

/** Attacks on what a purse keeps. */
export const STATE_ATTACKS: readonly Attack[] = [SNAPSHOT_ROLLBACK];
