import type { Rule } from '../rule.ts';
import { isTest } from '../workspace.ts';

const LINES_MAX = 400;
const TEST_LINES_MAX = 600;

/** A file past the limit does two things: ask which, and part them. */
export const length: Rule = {
  name: 'length',
  check: (tree) =>
    tree.sources.flatMap(({ path, text }) => {
      const lines = text.trimEnd().split('\n').length;
      const max = isTest(path) ? TEST_LINES_MAX : LINES_MAX;
      if (lines <= max) return [];
      return [
        { rule: 'length', path, line: max + 1, message: `${lines} lines, over ${max}: part it` },
      ];
    }),
};
