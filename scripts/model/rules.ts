import type { Search } from './quint.ts';

/** A rule of the design that the model can switch off, and a search that then finds the hole. */
export interface Rule {
  readonly name: string;
  /** The rule of the design, and what it says. */
  readonly says: string;
  /** A promise that must be seen broken without it. */
  readonly breaks: string;
  readonly search: Search;
}

const TORN = { init: 'init', step: 'tornStep', samples: 400, steps: 35 } as const;
const ANY = { init: 'init', step: 'step', samples: 400, steps: 35 } as const;
const CROOKED = { init: 'splitInit', step: 'crookedStep', samples: 400, steps: 15 } as const;

function without(
  name: string,
  says: string,
  breaks: string,
  search: Omit<Search, 'main' | 'seed'>,
  seed = 1,
): Rule {
  const main = `without_${name.replaceAll('-', '_')}`;
  return { name, says, breaks, search: { main, seed, ...search } };
}

export const RULES: readonly Rule[] = [
  without(
    'accept-in-time',
    '2: a payee never accepts once its floor has passed accept-by',
    'INV_TORN',
    TORN,
  ),
  without(
    'closure-needs-floor',
    '2: no closure before the floor of the statement has passed accept-by',
    'INV_FINAL',
    TORN,
  ),
  without(
    'closure-needs-log',
    '2: no closure without the complete log of the payee',
    'INV_FINAL',
    TORN,
  ),
  without(
    'replay-memory',
    '3: answers are remembered until the floor has passed accept-by',
    'INV_ONCE',
    ANY,
  ),
  without(
    'closed-stays',
    '3, 4: what was forgotten or stated as lapsed is never answered again',
    'INV_ONCE',
    TORN,
  ),
  without('one-answer', '4: receipt or void, never both', 'INV_ONCE', ANY),
  without('void-durable', '4: a void is committed before it is signed', 'INV_ONCE', TORN),
  without('commit-first', 'the debit is committed before the payment is signed', 'INV_SUPPLY', ANY),
  without('list-in-log', "7: judged by the list in the payee's own log", 'INV_FINAL', CROOKED),
  without('symmetric-loss', '7: loss is not "the second to arrive"', 'INV_ORDER', CROOKED),
  without('fork-detection', '8: two contents at one position are a fork', 'INV_NAMED', CROOKED),
  without('credit-once', 'a payment claimed twice is credited once', 'INV_SUPPLY', CROOKED),
  without('freeze-culprit', "10: a culprit's unload is frozen", 'INV_REDEEM', CROOKED),
];

/** Searches with every rule in force: nothing may be found. */
export function sound(samples: number): readonly Search[] {
  return [
    { main: 'every_rule', init: 'init', step: 'step', seed: 11, samples, steps: 24 },
    { main: 'honest_only', init: 'init', step: 'step', seed: 12, samples, steps: 24 },
    { main: 'every_rule', init: 'init', step: 'tornStep', seed: 13, samples, steps: 24 },
    { main: 'every_rule', init: 'splitInit', step: 'crookedStep', seed: 14, samples, steps: 16 },
    { main: 'every_rule', init: 'splitInit', step: 'step', seed: 15, samples, steps: 24 },
  ];
}
