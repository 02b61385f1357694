import { type Comment, parseSync } from 'oxc-parser';
import { findUses, type Use } from './globals.ts';
import { findReferences, type Reference } from './references.ts';
import type { Node } from './walk.ts';
import type { TextFile } from './tree.ts';

/** A parsed source file. */
export interface Source extends TextFile {
  readonly program: Node;
  readonly comments: readonly Comment[];
  /** Every module or file it names. */
  readonly references: readonly Reference[];
  /** Every use of a name it does not declare itself. */
  readonly uses: readonly Use[];
  /** What the parser could not read. */
  readonly errors: readonly string[];
}

/** Parses a file; one that does not parse has `errors` and whatever else could be read. */
export function parseSource({ path, text }: TextFile): Source {
  const result = parseSync(path, text);
  const program = result.program as unknown as Node;
  return {
    path,
    text,
    program,
    comments: result.comments,
    references: findReferences(program),
    uses: findUses(program, text),
    errors: result.errors.map((error) => error.message),
  };
}
