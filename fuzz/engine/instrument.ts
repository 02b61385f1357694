import { parseSync } from 'oxc-parser';

/** A node of the syntax tree, as far as it is looked at. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Fields whose code runs or not, by the kind of node they belong to. */
const BRANCHES: Readonly<Record<string, readonly string[]>> = {
  IfStatement: ['consequent', 'alternate'],
  ForStatement: ['body'],
  ForOfStatement: ['body'],
  ForInStatement: ['body'],
  WhileStatement: ['body'],
  DoWhileStatement: ['body'],
  ConditionalExpression: ['consequent', 'alternate'],
  LogicalExpression: ['right'],
  ArrowFunctionExpression: ['body'],
};

/**
 * The same JavaScript with a counter at every place where execution can take one way or another:
 * blocks, branches, loop bodies, cases, both sides of `?:` and what follows `&&`, `||` and `??`.
 * Lines stay as they are, so that stack traces still fit.
 *
 * @param counters name of the array that is counted in
 * @param nextId gives each place a number of its own
 */
export function instrument(source: string, counters: string, nextId: () => number): string {
  const insertions: Insertion[] = [];
  const count = (): string => `${counters}[${nextId()}]++`;

  function visit(node: Node, isBranch: boolean): void {
    if (node.type === 'BlockStatement') {
      insertions.push({ at: node.start + 1, text: `${count()};` });
      children(node);
      return;
    }
    if (!isBranch) return children(node);
    const isStatement = node.type.endsWith('Statement') || node.type.endsWith('Declaration');
    const [open, close] = isStatement ? [`{${count()};`, '}'] : [`(${count()},`, ')'];
    insertions.push({ at: node.start, text: open });
    children(node);
    insertions.push({ at: node.end, text: close });
  }

  function children(node: Node): void {
    if (node.type === 'SwitchCase') {
      const [first] = node['consequent'] as readonly Node[];
      if (first !== undefined) insertions.push({ at: first.start, text: `${count()};` });
    }
    const branches = BRANCHES[node.type] ?? [];
    for (const [field, value] of Object.entries(node)) {
      for (const each of Array.isArray(value) ? value : [value]) {
        if (isNode(each)) visit(each, branches.includes(field));
      }
    }
  }

  const { program, errors } = parseSync('module.js', source, { sourceType: 'module' });
  if (errors.length > 0) throw new SyntaxError(errors[0]?.message);
  children(program as unknown as Node);
  return spliced(source, insertions);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Insertions at one place keep the order in which they were found: that is how brackets nest. */
function spliced(source: string, insertions: readonly Insertion[]): string {
  let out = '';
  let from = 0;
  for (const { at, text } of insertions.toSorted((a, b) => a.at - b.at)) {
    out += source.slice(from, at) + text;
    from = at;
  }
  return out + source.slice(from);
}
