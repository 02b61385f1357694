import type { Attack } from '../attack.ts';

/** Attacks on certificates, policies, lists and time. */
export const AUTHORITY_ATTACKS: readonly Attack[] = [];
