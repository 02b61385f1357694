import type { Case } from '../case.ts';
import { contactCases } from './contact.ts';
import { deltaCases } from './deltas.ts';
import { enrolmentCases } from './enrolment.ts';
import { formCases } from './forms.ts';
import { loadCases } from './load.ts';
import { payeeRefusals } from './payee-bad.ts';
import { payeeCases } from './payee-good.ts';
import { payerLimits } from './payer-limits.ts';
import { payerOffers } from './payer-offers.ts';
import { payerCases } from './payer-good.ts';
import { programCases } from './program.ts';
import { renewalCases } from './renewal.ts';
import { schemeCases } from './scheme-data.ts';
import { syncCases } from './sync.ts';

/** Every case, in the order of play. */
export const CASES: readonly Case[] = [
  ...programCases,
  ...enrolmentCases,
  ...loadCases,
  ...payeeCases,
  ...payeeRefusals,
  ...formCases,
  ...contactCases,
  ...deltaCases,
  ...payerCases,
  ...payerOffers,
  ...payerLimits,
  ...syncCases,
  ...schemeCases,
  ...renewalCases,
];
