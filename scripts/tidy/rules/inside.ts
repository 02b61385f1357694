import { at, type Rule } from '../rule.ts';
import type { Reference } from '../references.ts';
import type { Source } from '../source.ts';
import type { Finding, Tree } from '../tree.ts';
import { ownerOf, type Workspace } from '../workspace.ts';
import { packageOf, subpathOf, targetOf } from './specifiers.ts';

/** No package reaches into another's inside; a relative import names a file of its own package. */
export const inside: Rule = {
  name: 'inside',
  check: (tree) => [
    ...tree.sources.flatMap((source) =>
      source.references.flatMap((reference): Finding[] => {
        const message = reference.specifier.startsWith('.')
          ? checkRelative(tree, source, reference)
          : checkBare(tree, reference);
        return message === undefined ? [] : [at('inside', source, reference.offset, message)];
      }),
    ),
    ...tree.workspaces.flatMap((workspace) => checkNames(tree, workspace)),
  ],
};

/** A name that begins with `#` stands for sources of its own package: no other rule looks behind it. */
function checkNames(tree: Tree, { path, folder, imports }: Workspace): Finding[] {
  return Object.values(imports)
    .flat()
    .filter((target) => !target.startsWith('./src/') || !tree.paths.has(targetOf(path, target)))
    .map((target) => {
      const message = `${target} is no source of ${folder}`;
      return { rule: 'inside', path, line: 1, message };
    });
}

function checkRelative(tree: Tree, source: Source, reference: Reference): string | undefined {
  const target = targetOf(source.path, reference.specifier);
  const from = ownerOf(tree.workspaces, source.path);
  const to = ownerOf(tree.workspaces, target);
  // Data shared by all (vectors, schemes) lies at the root and is read by URL; a program of the
  // root starts programs of the packages by URL.
  const mayCross = reference.kind === 'url' && (from?.folder === '' || to?.folder === '');
  if (from !== to && !mayCross) {
    return `${reference.specifier} leaves ${from?.name}: import ${to?.name} by its name`;
  }
  if (reference.kind !== 'url' && !tree.paths.has(target)) {
    return `${reference.specifier} names no file (imports carry the .ts extension)`;
  }
  return undefined;
}

function checkBare(tree: Tree, { specifier, kind }: Reference): string | undefined {
  const name = packageOf(specifier);
  const target = tree.workspaces.find((workspace) => workspace.name === name);
  if (target === undefined || kind === 'url') return undefined;
  const subpath = subpathOf(specifier);
  if (target.exports.includes(subpath)) return undefined;
  return `${target.name} does not export ${subpath}`;
}
