import type { Rule } from '../rule.ts';

/** A line of a decision must say at least this much about a dependency, in characters. */
const REASON_CHARS_MIN = 30;

/**
 * Every dependency has its reason written down: a line in `decisions/` that holds its name in
 * backticks and says something about it.
 */
export const reasons: Rule = {
  name: 'reasons',
  check: (tree) => {
    const lines = tree.files
      .filter(({ path }) => /^decisions\/.*\.md$/.test(path))
      .flatMap(({ text }) => text.split('\n'));
    const ours = new Set(tree.workspaces.map(({ name }) => name));
    return tree.workspaces.flatMap((workspace) =>
      [...workspace.dependencies, ...workspace.devDependencies]
        .filter((name) => !ours.has(name) && !lines.some((line) => givesReason(line, name)))
        .map((name) => ({
          rule: 'reasons',
          path: workspace.path,
          line: 1,
          message: `no page of decisions/ says why we depend on ${name}`,
        })),
    );
  },
};

function givesReason(line: string, name: string): boolean {
  const quoted = `\`${name}\``;
  return line.includes(quoted) && line.length - quoted.length >= REASON_CHARS_MIN;
}
