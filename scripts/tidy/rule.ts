import type { Source } from './source.ts';
import { type Finding, lineOf, type Tree } from './tree.ts';

/** One wall of the house: a name, and what it objects to in a tree. */
export interface Rule {
  readonly name: string;
  check(tree: Tree): Finding[];
}

/** A finding at an offset of a source. */
export function at(rule: string, source: Source, offset: number, message: string): Finding {
  return { rule, path: source.path, line: lineOf(source.text, offset), message };
}

/** A rule that looks at one source at a time: what it objects to, and where. */
export function sourceRule(
  name: string,
  applies: (path: string) => boolean,
  check: (source: Source) => { offset: number; message: string }[],
): Rule {
  return {
    name,
    check: (tree) =>
      tree.sources
        .filter((source) => applies(source.path))
        .flatMap((source) =>
          check(source).map(({ offset, message }) => at(name, source, offset, message)),
        ),
  };
}
