import { childrenOf, dottedOf, isNode, type Node } from './walk.ts';

/** A use of a name the file does not declare: a global of the engine, or a chain from one. */
export interface Use {
  /** `Date`, `Date.now`, `process.env.HOME`. */
  readonly name: string;
  readonly offset: number;
  /** `alias`: stored under another name or taken apart, which would hide later uses. */
  readonly form: 'read' | 'call' | 'new' | 'alias';
  /** The source text of the arguments of a call. */
  readonly args: readonly string[];
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
/** TypeScript nodes around an expression that still runs; every other one is erased. */
const TRANSPARENT = new Set([
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
]);

/** Finds the uses of undeclared names; names in types, keys and comments are none. */
export function findUses(program: Node, text: string): Use[] {
  const uses: Use[] = [];

  function visit(
    node: Node,
    parent: Node | undefined,
    key: string,
    scope: ReadonlySet<string>,
  ): void {
    if (node.type.startsWith('TS') && !TRANSPARENT.has(node.type)) return;
    if (parent !== undefined && isNameOnly(parent, key)) return;
    const chain =
      node.type === 'Identifier' || node.type === 'MemberExpression' ? dottedOf(node) : undefined;
    if (chain !== undefined) {
      if (!scope.has(chain.name.split('.')[0] ?? ''))
        uses.push(useOf(chain.name, node, parent, key, text));
      return;
    }
    const inner = FUNCTIONS.has(node.type) ? new Set([...scope, ...declaredIn(node)]) : scope;
    for (const [childKey, child] of childrenOf(node)) visit(child, node, childKey, inner);
  }

  visit(program, undefined, '', new Set(declaredIn(program)));
  return uses;
}

function useOf(name: string, node: Node, parent: Node | undefined, key: string, text: string): Use {
  const base = { name, offset: node.start };
  if (key === 'callee' && parent !== undefined) {
    const args = (parent.arguments as Node[]).map((arg) => text.slice(arg.start, arg.end));
    return { ...base, form: parent.type === 'NewExpression' ? 'new' : 'call', args };
  }
  const stored =
    (parent?.type === 'VariableDeclarator' && key === 'init') ||
    (parent?.type === 'AssignmentExpression' && key === 'right');
  return { ...base, form: stored ? 'alias' : 'read', args: [] };
}

/** Whether the child under `key` is a mere name (of a property, a label, an export), not a use. */
function isNameOnly(parent: Node, key: string): boolean {
  if (key === 'label' || parent.type === 'MetaProperty') return true;
  if (parent.type.startsWith('Import') || parent.type === 'ExportSpecifier') {
    return parent.type !== 'ImportExpression';
  }
  return (key === 'key' || key === 'property') && parent.computed !== true;
}

/** The names a function or a module declares, without those of the functions inside it. */
function declaredIn(scope: Node): string[] {
  const names: string[] = [];

  function visit(node: Node): void {
    if (node !== scope && FUNCTIONS.has(node.type)) {
      if (node.type === 'FunctionDeclaration') names.push(...namesIn(node.id));
      return;
    }
    if (node.type === 'VariableDeclarator' || node.type === 'ClassDeclaration')
      names.push(...namesIn(node.id));
    else if (node.type === 'CatchClause') names.push(...namesIn(node.param));
    else if (/^Import(?:Default|Namespace)?Specifier$/.test(node.type))
      names.push(...namesIn(node.local));
    for (const [, child] of childrenOf(node)) visit(child);
  }

  if (FUNCTIONS.has(scope.type)) {
    names.push(...namesIn(scope.id), ...(scope.params as unknown[]).flatMap(namesIn));
  }
  visit(scope);
  return names;
}

/** The names bound by an identifier or a destructuring pattern. */
function namesIn(pattern: unknown): string[] {
  if (!isNode(pattern)) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [String(pattern.name)];
    case 'Property':
      return namesIn(pattern.value);
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    default:
      return [pattern.properties, pattern.elements].flat().flatMap(namesIn);
  }
}
