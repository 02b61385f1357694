import { isBuiltin } from 'node:module';

/** The package a specifier names; nothing for a relative one or a module of Node. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('/') || isBuiltin(specifier))
    return undefined;
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** The subpath of a bare specifier as `exports` spells it: `.` or `./sub`. */
export function subpathOf(specifier: string): string {
  const name = packageOf(specifier) ?? '';
  return `.${specifier.slice(name.length)}`;
}

/** Where a relative specifier of `path` leads, from the root of the repository. */
export function targetOf(path: string, specifier: string): string {
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}
