import type { Attack } from '../attack.ts';

/** Attacks on the books. */
export const RECONCILIATION_ATTACKS: readonly Attack[] = [];
