import { parseSync } from 'oxc-parser';
import type { Guard } from './marker.ts';

/** A node of the syntax tree, as far as it is looked at. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A source without one of its guards, and in words what was done to it. */
export interface Mutant {
  readonly source: string;
  readonly how: string;
}

/**
 * Takes a guard out of its source. A check that is a statement of its own is dropped, and the
 * condition of an `if` is never true; whatever else it is, or where `becomes` is given, its value
 * becomes that expression: of a constant, a returned value, a property, or the condition of an `if`.
 * Throws where the code under the marker is nothing of the kind.
 */
export function without(source: string, guard: Guard, becomes: string | undefined): Mutant {
  const { program, errors } = parseSync(guard.path, source);
  if (errors.length > 0) throw new SyntaxError(`${guard.path}: ${errors[0]?.message}`);
  const node = nodeAt(program as unknown as Node, guard.at);
  if (node === undefined) throw new Error(`${guard.path}:${guard.line} marks no code`);
  if (becomes !== undefined) {
    const { start, end } = valueOf(node, guard);
    return { source: spliced(source, start, end, `(${becomes})`), how: `becomes \`${becomes}\`` };
  }
  if (node.type === 'IfStatement') {
    const { start, end } = node['test'] as Node;
    return { source: spliced(source, start, end, 'false'), how: 'never true' };
  }
  if (node.type === 'ExpressionStatement') {
    return { source: spliced(source, node.start, node.end, ';'), how: 'dropped' };
  }
  throw new Error(`${guard.path}:${guard.line} marks a ${node.type}: say what it becomes`);
}

/** The outermost node that begins at an offset. */
function nodeAt(node: Node, at: number): Node | undefined {
  for (const child of childrenOf(node)) {
    if (child.start === at) return child;
    if (child.start < at && at < child.end) return nodeAt(child, at);
  }
  return undefined;
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) =>
    (Array.isArray(value) ? value : [value]).filter(isNode),
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** The expression whose value a guard is. */
function valueOf(node: Node, { path, line }: Guard): Node {
  const declarations = node['declarations'];
  const [declared] = Array.isArray(declarations) ? (declarations as readonly Node[]) : [];
  const { VariableDeclaration, ...fields } = {
    VariableDeclaration: declared?.['init'],
    IfStatement: node['test'],
    ReturnStatement: node['argument'],
    Property: node['value'],
  };
  const value =
    node.type === 'VariableDeclaration'
      ? VariableDeclaration
      : fields[node.type as keyof typeof fields];
  if (!isNode(value)) throw new Error(`${path}:${line} marks a ${node.type}, which has no value`);
  return value;
}

function spliced(source: string, start: number, end: number, text: string): string {
  return source.slice(0, start) + text + source.slice(end);
}
