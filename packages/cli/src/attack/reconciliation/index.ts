import type { Attack } from '../attack.ts';
import { LATE_CLAIM_AFTER_CLOSURE } from './closure.ts';
import { DOUBLE_CLAIM } from './double-claim.ts';
import { QUEUE_FLOODING } from './flooding.ts';
import { COLLUDING_PAYEE_LAUNDERING, OUT_OF_ORDER_INSOLVENCY } from './insolvency.ts';
import { ALTERED_UPLOAD, HIDDEN_BRANCH, OMITTED_PAYMENTS } from './logs.ts';
import { LOSS_REPORTED_THEN_SPENT } from './lost.ts';
import { LOAD_ANSWER_REPLAY, UNLOAD_TWICE } from './money.ts';
import { STRUCTURING } from './structuring.ts';

/** Attacks on the books. */
export const RECONCILIATION_ATTACKS: readonly Attack[] = [
  DOUBLE_CLAIM,
  OMITTED_PAYMENTS,
  HIDDEN_BRANCH,
  ALTERED_UPLOAD,
  LATE_CLAIM_AFTER_CLOSURE,
  LOSS_REPORTED_THEN_SPENT,
  OUT_OF_ORDER_INSOLVENCY,
  COLLUDING_PAYEE_LAUNDERING,
  QUEUE_FLOODING,
  STRUCTURING,
  UNLOAD_TWICE,
  LOAD_ANSWER_REPLAY,
];
