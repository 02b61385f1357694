import type { Rule } from '../rule.ts';

/** A source the parser cannot read is hidden from every other rule, and so is an objection itself. */
export const readable: Rule = {
  name: 'readable',
  check: (tree) =>
    tree.sources.flatMap(({ path, errors }) =>
      errors.map((message) => ({ rule: 'readable', path, line: 1, message })),
    ),
};
