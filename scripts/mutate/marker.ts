/** A guard as its marker names it: one comment right above the code that embodies it. */
export interface Guard {
  /** Unique, in words joined by hyphens. */
  readonly name: string;
  /** What of the design it embodies: `rule 3`, or a promise such as `INV-ONCE`. */
  readonly rule: string;
  /** What it does, in words. */
  readonly says: string;
  /** Path of its file from the root of the repository. */
  readonly path: string;
  /** Line of the marker, from 1. */
  readonly line: number;
  /** Offset of the code under the marker. */
  readonly at: number;
}

const MARKER = /^ *\/\/ GUARD ([a-z-]+) \((rule \d+|INV-[A-Z]+)\): (.+)$/;
const COMMENT = /^ *\/\/ (.+)$/;

/**
 * The guards that a source names. A marker takes one comment line or more:
 *
 *     // GUARD replay-memory (rule 3): a full memory refuses, it never forgets.
 *
 * Throws for a marker that is not of this form.
 */
export function markersIn(path: string, source: string): Guard[] {
  const guards: Guard[] = [];
  const lines = source.split('\n');
  let offset = 0;
  for (const [index, text] of lines.entries()) {
    if (/\/\/ GUARD\b/.test(text)) {
      const [, name, rule, says] = MARKER.exec(text) ?? [];
      if (name === undefined || rule === undefined || says === undefined) {
        throw new Error(`${path}:${index + 1} is no marker of a guard: ${text.trim()}`);
      }
      const more = commentsAfter(lines, index);
      const words = [says, ...more.map((line) => COMMENT.exec(line)?.[1] ?? '')].join(' ');
      const above = lines.slice(index, index + 1 + more.length);
      const end = offset + above.reduce((length, line) => length + line.length + 1, 0);
      const at = end + (source.slice(end).search(/\S/) ?? 0);
      guards.push({ name, rule, says: words.replace(/\.$/, ''), path, line: index + 1, at });
    }
    offset += text.length + 1;
  }
  return guards;
}

function commentsAfter(lines: readonly string[], index: number): readonly string[] {
  const rest = lines.slice(index + 1);
  const end = rest.findIndex((line) => !COMMENT.test(line));
  return rest.slice(0, Math.max(end, 0));
}
