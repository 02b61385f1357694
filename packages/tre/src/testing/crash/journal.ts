import { type Bytes, fromHex, toHex } from '@tallystick/protocol';

/**
 * What a life of the purse left in writing. Each line is written before the next thing happens, by a
 * system call that a kill cannot undo.
 */
export type Line =
  /** A command is about to run. */
  | { readonly what: 'asked'; readonly command: Bytes }
  /** Its reply came. */
  | { readonly what: 'answered'; readonly reply: Bytes }
  /** Log entries were uploaded; the store may drop them from now on. */
  | { readonly what: 'uploaded'; readonly entries: readonly Bytes[] };

export function writeLine(line: Line): string {
  return `${JSON.stringify(line, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value))}\n`;
}

/** The lines of a journal; one that was cut off is left out. */
export function readLines(journal: string): readonly Line[] {
  return journal
    .split('\n')
    .slice(0, -1)
    .map((text) => toLine(JSON.parse(text) as Readonly<Record<string, unknown>>));
}

function toLine({ what, command, reply, entries }: Readonly<Record<string, unknown>>): Line {
  switch (what) {
    case 'asked':
      return { what, command: bytes(command) };
    case 'answered':
      return { what, reply: bytes(reply) };
    case 'uploaded':
      return { what, entries: (entries as readonly string[]).map(bytes) };
    default:
      throw new TypeError(`no journal has a line ${String(what)}`);
  }
}

function bytes(text: unknown): Bytes {
  const read = typeof text === 'string' ? fromHex(text) : null;
  if (read === null) throw new TypeError('a journal line holds what is no hex');
  return read;
}
