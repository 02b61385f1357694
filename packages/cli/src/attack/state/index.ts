import type { Attack } from '../attack.ts';
import { CLONE, PIN_TRIES_RESTORED } from './clone.ts';
import { COUNTER_RESET, WEAR_OUT } from './counter.ts';
import { CRASH_AT_EACH_STEP } from './crash.ts';
import { BALANCE_EDIT, BIT_FLIP, DELETED_STATE, LOG_TRUNCATION, TRUNCATION } from './damage.ts';
import { MIRRORING, MIX_AND_MATCH, SNAPSHOT_ROLLBACK } from './rollback.ts';

/** Attacks on what a purse keeps. */
export const STATE_ATTACKS: readonly Attack[] = [
  SNAPSHOT_ROLLBACK,
  CLONE,
  MIX_AND_MATCH,
  COUNTER_RESET,
  MIRRORING,
  PIN_TRIES_RESTORED,
  CRASH_AT_EACH_STEP,
  BALANCE_EDIT,
  BIT_FLIP,
  TRUNCATION,
  DELETED_STATE,
  LOG_TRUNCATION,
  WEAR_OUT,
];
