import type { Attack } from '../attack.ts';

/** Attacks on where a purse runs. */
export const ENVIRONMENT_ATTACKS: readonly Attack[] = [];
