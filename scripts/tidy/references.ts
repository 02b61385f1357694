import { dottedOf, isNode, type Node, stringOf, walk } from './walk.ts';

/** A module or file named by a source. */
export interface Reference {
  readonly specifier: string;
  readonly offset: number;
  /** `import`: loaded as a module; `type`: erased before running; `url`: `new URL(…, import.meta.url)`. */
  readonly kind: 'import' | 'type' | 'url';
  /** The names imported, as the other module calls them; empty for a namespace or a side effect. */
  readonly names: readonly string[];
}

/** Finds every static, dynamic, re-exporting and type-only import, `require` and module URL. */
export function findReferences(program: Node): Reference[] {
  const found: Reference[] = [];
  walk(program, (node) => {
    const reference = referenceOf(node);
    if (reference !== undefined) found.push(reference);
  });
  return found;
}

function referenceOf(node: Node): Reference | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      const isType = node.importKind === 'type' || node.exportKind === 'type';
      return make(node, node.source, isType ? 'type' : 'import', namesOf(node));
    }
    case 'ImportExpression':
      return make(node, node.source, 'import');
    case 'TSImportType':
      return make(node, node.source, 'type');
    case 'CallExpression': {
      const callee = isNode(node.callee) ? dottedOf(node.callee)?.name : undefined;
      if (callee === 'require') return make(node, firstArgument(node), 'import');
      return isMetaCall(node) ? make(node, firstArgument(node), 'import') : undefined;
    }
    case 'NewExpression':
      return isModuleUrl(node) ? make(node, firstArgument(node), 'url') : undefined;
    default:
      return undefined;
  }
}

function make(
  node: Node,
  specifier: unknown,
  kind: Reference['kind'],
  names: readonly string[] = [],
): Reference | undefined {
  const text = stringOf(specifier);
  return text === undefined ? undefined : { specifier: text, offset: node.start, kind, names };
}

function namesOf(node: Node): string[] {
  const specifiers = (node.specifiers ?? []) as Node[];
  return specifiers.flatMap((specifier) => {
    if (specifier.type === 'ImportDefaultSpecifier') return ['default'];
    const outer = specifier.imported ?? specifier.local;
    return isNode(outer) && specifier.type !== 'ImportNamespaceSpecifier'
      ? [String(outer.name)]
      : [];
  });
}

function firstArgument(node: Node): unknown {
  return (node.arguments as unknown[])[0];
}

/** `import.meta.resolve('…')` loads nothing itself, yet names a module all the same. */
function isMetaCall(node: Node): boolean {
  const callee = node.callee;
  return (
    isNode(callee) &&
    callee.type === 'MemberExpression' &&
    isNode(callee.object) &&
    callee.object.type === 'MetaProperty'
  );
}

function isModuleUrl(node: Node): boolean {
  const [, base] = node.arguments as unknown[];
  return (
    isNode(node.callee) &&
    dottedOf(node.callee)?.name === 'URL' &&
    isNode(base) &&
    base.type === 'MemberExpression' &&
    isNode(base.object) &&
    base.object.type === 'MetaProperty'
  );
}
