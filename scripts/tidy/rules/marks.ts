import { at, type Rule } from '../rule.ts';
import type { Source } from '../source.ts';
import { spell } from '../spell.ts';
import { lineOf } from '../tree.ts';
import { dottedOf, type Node, walk } from '../walk.ts';

const WORDS = [spell('TO', 'DO'), spell('FIX', 'ME'), spell('HA', 'CK')];
const UNFINISHED = new RegExp(`\\b(?:${WORDS.join('|')})\\b`, 'g');
const SILENCED = /^(?:test|it|describe|suite|bench)\.(?:\w+\.)*(?:only|skip|todo|fails)$/;

/** Nothing unfinished is left behind, and no test is silenced or runs alone. */
export const marks: Rule = {
  name: 'marks',
  check: (tree) => [
    ...tree.files
      .filter(({ path }) => path !== 'package-lock.json')
      .flatMap(({ path, text }) =>
        [...text.matchAll(UNFINISHED)].map((match) => ({
          rule: 'marks',
          path,
          line: lineOf(text, match.index),
          message: `${match[0]} marks unfinished work: finish it or write a decision`,
        })),
      ),
    ...tree.sources.flatMap((source) =>
      silencers(source).map(({ start }) =>
        at('marks', source, start, 'a test is silenced or runs alone: run them all'),
      ),
    ),
  ],
};

/** Test functions are imported, and so no globals: look at the chains themselves. */
function silencers(source: Source): Node[] {
  const found: Node[] = [];
  walk(source.program, (node) => {
    if (node.type === 'MemberExpression' && SILENCED.test(dottedOf(node)?.name ?? ''))
      found.push(node);
  });
  return found;
}
