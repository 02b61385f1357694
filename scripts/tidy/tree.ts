import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSource, type Source } from './source.ts';
import { readWorkspaces, type Workspace } from './workspace.ts';

/** A text file of the repository; `path` is relative to its root, with forward slashes. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** What a rule objects to; `line` counts from 1. */
export interface Finding {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Everything the rules look at, parsed once. */
export interface Tree {
  readonly files: readonly TextFile[];
  readonly paths: ReadonlySet<string>;
  readonly sources: readonly Source[];
  readonly workspaces: readonly Workspace[];
}

const NOT_OURS = new Set(['node_modules', '.git', 'build', 'coverage']);
const TEXT =
  /(?:^|\/)(?:LICENSE|run|\.[a-z]+)$|\.(?:ts|tsx|mjs|js|json|md|css|html|sh|yml|yaml|cddl|sql)$/;
const SOURCE = /\.(?:ts|tsx|mjs|js)$/;

/** Reads every text file below a folder, except what is installed or built. */
export function readFiles(root: string, folder = ''): TextFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : readFiles(root, path);
    if (!entry.isFile() || !TEXT.test(path)) return [];
    return [{ path, text: readFileSync(join(root, path), 'utf8') }];
  });
}

/** Parses the sources and the package files among `files`. */
export function readTree(files: readonly TextFile[]): Tree {
  return {
    files,
    paths: new Set(files.map((file) => file.path)),
    sources: files.filter((file) => SOURCE.test(file.path)).map(parseSource),
    workspaces: readWorkspaces(files),
  };
}

/** The line of an offset in a text, counted from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
