import type { Check, Offer } from './conformance/check.ts';
import { COMMAND_CHECKS } from './conformance/commands.ts';
import { FAILURE_CHECKS } from './conformance/failure.ts';
import { HOLDER_CHECKS } from './conformance/holder.ts';
import { KEY_CHECKS } from './conformance/keys.ts';
import { MONEY_CHECKS } from './conformance/money.ts';

export { ExaminedPurse } from './conformance/purse.ts';
export type { Check, Offer, OpenFresh, Specimen, World } from './conformance/check.ts';

/**
 * What every environment must pass before it may carry a purse, whatever is inside it. Independent
 * of any test runner: run each check with a function that makes blank specimens.
 */
export const CONFORMANCE: readonly Check[] = [
  ...KEY_CHECKS,
  ...MONEY_CHECKS,
  ...COMMAND_CHECKS,
  ...HOLDER_CHECKS,
  ...FAILURE_CHECKS,
];

/** The checks that an environment with these offers can be put to. */
export function checksFor(offers: readonly Offer[]): readonly Check[] {
  return CONFORMANCE.filter(({ needs }) => needs.every((need) => offers.includes(need)));
}
