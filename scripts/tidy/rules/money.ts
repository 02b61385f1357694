import { type Rule, sourceRule } from '../rule.ts';
import { isNode, type Node, walk } from '../walk.ts';

const MONEY = /(?:amount|balance|money|cents|minor|supply|price)\w*$/i;

/**
 * Money is a whole number of minor units, never a floating-point number.
 *
 * `parseFloat` and `toFixed` are banned everywhere: no code of ours needs them, and where they
 * appear an amount is seldom far. `Number(…)` is banned on what is named like money, since it
 * rounds silently above 2^53. Instead: the amounts of the protocol package, and Math.round for
 * other figures.
 */
export const money: Rule = sourceRule(
  'money',
  (path) => /^(?:packages|apps)\//.test(path),
  ({ uses, program }) => [
    ...uses
      .filter(({ name }) => name === 'parseFloat' || name === 'Number.parseFloat')
      .map(({ offset, name }) => ({ offset, message: `uses ${name}: amounts are whole numbers` })),
    ...uses
      .filter(
        ({ name, form, args }) => name === 'Number' && form === 'call' && MONEY.test(args[0] ?? ''),
      )
      .map(({ offset, args }) => ({
        offset,
        message: `Number(${args[0]}) rounds above 2^53: keep the bigint`,
      })),
    ...membersNamed(program, 'toFixed').map(({ start }) => ({
      offset: start,
      message: 'uses toFixed: it formats a rounded number; format the whole number instead',
    })),
  ],
);

function membersNamed(program: Node, name: string): Node[] {
  const found: Node[] = [];
  walk(program, (node) => {
    if (node.type === 'MemberExpression' && isNode(node.property) && node.property.name === name) {
      found.push(node.property);
    }
  });
  return found;
}
