import type { TextFile } from './tree.ts';

/** A package.json of the repository; the root's folder is the empty string. */
export interface Workspace {
  readonly path: string;
  readonly folder: string;
  readonly name: string;
  readonly exports: readonly string[];
  /** Names that begin with `#`, and every file that one may stand for. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

interface PackageJson {
  name?: string;
  exports?: Record<string, unknown>;
  imports?: Record<string, string | Record<string, string>>;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** The packages described by the package.json files among `files`. */
export function readWorkspaces(files: readonly TextFile[]): Workspace[] {
  return files
    .filter(({ path }) => path === 'package.json' || path.endsWith('/package.json'))
    .map(({ path, text }) => {
      const json = JSON.parse(text) as PackageJson;
      return {
        path,
        folder: path.slice(0, -'package.json'.length),
        name: json.name ?? '',
        exports: Object.keys(json.exports ?? {}),
        imports: Object.fromEntries(
          Object.entries(json.imports ?? {}).map(([name, targets]) => [
            name,
            typeof targets === 'string' ? [targets] : Object.values(targets),
          ]),
        ),
        dependencies: [
          ...Object.keys(json.dependencies ?? {}),
          ...Object.keys(json.optionalDependencies ?? {}),
          ...Object.keys(json.peerDependencies ?? {}),
        ],
        devDependencies: Object.keys(json.devDependencies ?? {}),
      };
    });
}

/** The package a file belongs to: the one with the longest folder around it. */
export function ownerOf(workspaces: readonly Workspace[], path: string): Workspace | undefined {
  return workspaces
    .filter(({ folder }) => path.startsWith(folder))
    .reduce<Workspace | undefined>(
      (best, next) =>
        best !== undefined && best.folder.length >= next.folder.length ? best : next,
      undefined,
    );
}

/** Whether a file is a test or serves tests only, and never part of what a package exports. */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.startsWith('tests/') || path.includes('/testing/');
}
