import type { Rule } from './rule.ts';
import { declared } from './rules/declared.ts';
import { docstrings } from './rules/docstrings.ts';
import { inside } from './rules/inside.ts';
import { layers } from './rules/layers.ts';
import { length } from './rules/length.ts';
import { marks } from './rules/marks.ts';
import { money } from './rules/money.ts';
import { places } from './rules/places.ts';
import { portable } from './rules/portable.ts';
import { purity } from './rules/purity.ts';
import { readable } from './rules/readable.ts';
import { reasons } from './rules/reasons.ts';
import { roots } from './rules/roots.ts';

/** Every wall of the house. */
export const RULES: readonly Rule[] = [
  readable,
  layers,
  declared,
  inside,
  purity,
  portable,
  roots,
  money,
  marks,
  places,
  reasons,
  length,
  docstrings,
];
