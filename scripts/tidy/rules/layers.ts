import { at, type Rule } from '../rule.ts';
import type { Finding, Tree } from '../tree.ts';
import { ownerOf, type Workspace } from '../workspace.ts';
import { packageOf } from './specifiers.ts';

const SCOPE = '@tallystick/';

/** What each package may import: imports point downwards only. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  'trusted-app': ['protocol'],
  tre: ['trusted-app', 'protocol'],
  wallet: ['tre', 'trusted-app', 'protocol'],
  backend: ['protocol'],
  simulator: ['backend', 'wallet', 'tre', 'trusted-app', 'protocol'],
  kit: ['wallet', 'tre', 'protocol'],
  'wallet-app': ['kit', 'wallet', 'tre', 'protocol'],
  'terminal-app': ['kit', 'wallet', 'tre', 'protocol'],
  'console-app': ['kit', 'tre', 'protocol'],
  playground: ['kit', 'tre', 'protocol'],
  cli: [
    'playground',
    'console-app',
    'terminal-app',
    'wallet-app',
    'kit',
    'simulator',
    'backend',
    'wallet',
    'tre',
    'trusted-app',
    'protocol',
  ],
};

/** Imports, and the dependencies a package declares, stay within the packages below it. */
export const layers: Rule = {
  name: 'layers',
  check: (tree) => [
    ...tree.workspaces.flatMap((workspace) => checkDeclarations(workspace)),
    ...checkImports(tree),
  ],
};

function checkDeclarations(workspace: Workspace): Finding[] {
  return [...workspace.dependencies, ...workspace.devDependencies].flatMap((dependency) => {
    const message = objection(workspace, dependency);
    return message === undefined
      ? []
      : [{ rule: 'layers', path: workspace.path, line: 1, message }];
  });
}

function checkImports(tree: Tree): Finding[] {
  return tree.sources.flatMap((source) => {
    const owner = ownerOf(tree.workspaces, source.path);
    if (owner === undefined) return [];
    return source.references.flatMap(({ specifier, offset }) => {
      const message = objection(owner, packageOf(specifier) ?? '');
      return message === undefined ? [] : [at('layers', source, offset, message)];
    });
  });
}

function objection(owner: Workspace, dependency: string): string | undefined {
  if (!dependency.startsWith(SCOPE) || !owner.name.startsWith(SCOPE)) return undefined;
  const below = BELOW[owner.name.slice(SCOPE.length)];
  if (below === undefined) return `${owner.name} has no place among the layers yet: give it one`;
  if (below.includes(dependency.slice(SCOPE.length))) return undefined;
  return `${owner.name} may not import ${dependency}: imports point downwards only`;
}
