import { at, type Rule } from '../rule.ts';
import type { Reference } from '../references.ts';
import { isTest, ownerOf, type Workspace } from '../workspace.ts';
import { packageOf } from './specifiers.ts';

/**
 * Every package a file imports is declared by the package that the file belongs to.
 *
 * npm hoists, and the compiler follows: an undeclared import works here and fails elsewhere.
 */
export const declared: Rule = {
  name: 'declared',
  check: (tree) => {
    const root = tree.workspaces.find(({ folder }) => folder === '');
    return tree.sources.flatMap((source) => {
      const owner = ownerOf(tree.workspaces, source.path);
      if (owner === undefined) return [];
      return source.references.flatMap((reference) => {
        const name = packageOf(reference.specifier);
        if (name === undefined || reference.kind === 'url') return [];
        if (namesAllowed(owner, root, source.path, reference).includes(name)) return [];
        // The root holds the tools and the tests of the whole: it may import any of its packages.
        if (owner === root && tree.workspaces.some((workspace) => workspace.name === name))
          return [];
        const message = `${owner.path} does not declare ${name}`;
        return [at('declared', source, reference.offset, message)];
      });
    });
  },
};

function namesAllowed(
  owner: Workspace,
  root: Workspace | undefined,
  path: string,
  reference: Reference,
): string[] {
  const own = [...owner.dependencies, ...Object.keys(owner.imports)];
  if (owner === root || reference.kind === 'type') own.push(...owner.devDependencies);
  else if (isTest(path)) own.push(...owner.devDependencies, ...(root?.devDependencies ?? []));
  return own;
}
