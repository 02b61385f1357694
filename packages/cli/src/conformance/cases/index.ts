import type { Case } from '../case.ts';
import { enrolmentCases } from './enrolment.ts';
import { payeeRefusals } from './payee-bad.ts';
import { payeeCases } from './payee-good.ts';
import { payerRefusals } from './payer-bad.ts';
import { payerCases } from './payer-good.ts';

/** Every case, in the order of play. */
export const CASES: readonly Case[] = [
  ...enrolmentCases,
  ...payeeCases,
  ...payeeRefusals,
  ...payerCases,
  ...payerRefusals,
];
