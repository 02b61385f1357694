import type { Attack } from './attack.ts';
import { AUTHORITY_ATTACKS } from './authority/index.ts';
import { ENVIRONMENT_ATTACKS } from './environment/index.ts';
import { EXCHANGE_ATTACKS } from './exchange/index.ts';
import { RECONCILIATION_ATTACKS } from './reconciliation/index.ts';
import { STATE_ATTACKS } from './state/index.ts';

/** Every attack, in the order of the table. */
export const GALLERY: readonly Attack[] = [
  ...STATE_ATTACKS,
  ...EXCHANGE_ATTACKS,
  ...RECONCILIATION_ATTACKS,
  ...AUTHORITY_ATTACKS,
  ...ENVIRONMENT_ATTACKS,
];
