import { visitorKeys } from 'oxc-parser';

/** A node of the syntax tree, as loosely typed as a generic walk needs it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** The children of a node, each with the name of the property that holds it. */
export function childrenOf(node: Node): [key: string, child: Node][] {
  return (visitorKeys[node.type] ?? []).flatMap((key) =>
    [node[key]]
      .flat()
      .filter(isNode)
      .map((child): [string, Node] => [key, child]),
  );
}

/** Visits a node and everything below it, parents first. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const [, child] of childrenOf(node)) walk(child, visit);
}

/** Narrows an unknown property to a node. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** The text of a string literal, or of a template without holes; nothing for anything else. */
export function stringOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type !== 'TemplateLiteral') return undefined;
  const quasis = node.quasis as { value: { cooked: string | null } }[];
  return quasis.length === 1 ? (quasis[0]?.value.cooked ?? undefined) : undefined;
}

/**
 * The dotted name of a plain chain (`process.env`, `Date['now']`) with the identifier it starts
 * from; nothing when any link of it is computed at run time.
 */
export function dottedOf(node: Node): { name: string; root: Node } | undefined {
  if (node.type === 'Identifier') return { name: String(node.name), root: node };
  if (node.type === 'ChainExpression' && isNode(node.expression)) return dottedOf(node.expression);
  if (node.type !== 'MemberExpression' || !isNode(node.object)) return undefined;
  const object = dottedOf(node.object);
  const property = node.computed
    ? stringOf(node.property)
    : (node.property as { name?: string }).name;
  if (object === undefined || property === undefined) return undefined;
  return { name: `${object.name}.${property}`, root: object.root };
}
