import { AUDIT } from './audit.ts';
import { COMPUTE } from './compute/compute.ts';
import { ENVIRONMENT } from './environments/environments.ts';
import type { Group } from './group.ts';
import { LIST } from './list/list.ts';
import { MEMORY } from './memory/memory.ts';
import { ROLLBACK } from './rollback/rollback.ts';
import { SETTLE, VERIFY } from './settling.ts';
import { SIMULATE } from './simulated/simulated.ts';
import { SIZE } from './sizes.ts';

/**
 * Every measurement, in the order in which they run and are printed. The audit looks at the ledger
 * that the settlement rows have left behind.
 */
export const GROUPS: readonly Group[] = [
  SIZE,
  COMPUTE,
  ENVIRONMENT,
  ROLLBACK,
  SETTLE,
  VERIFY,
  AUDIT,
  SIMULATE,
  MEMORY,
  LIST,
];

/** The name of every row, in order. */
export const ROW_NAMES: readonly string[] = GROUPS.flatMap(({ name, rows }) =>
  rows.map((each) => `${name}/${each}`),
);
