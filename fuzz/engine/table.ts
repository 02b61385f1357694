import type { Report } from './messages.ts';

const COLUMNS = ['target', 'inputs', 'inputs/s', 'features', 'worst ms', 'worst kB', 'outcome'];

/** The reports as a table of text, one line for each target. */
export function table(rows: readonly (Report & { readonly target: string })[]): string {
  const lines = rows.map((row) => [
    row.target,
    String(row.inputs),
    row.ms > 0 ? String(Math.round((row.inputs / row.ms) * 1000)) : '-',
    String(row.features),
    row.worstMs.toFixed(1),
    String(Math.round(row.worstMemory / 1000)),
    row.finding === null ? 'ok' : 'FOUND',
  ]);
  const widths = COLUMNS.map((name, at) =>
    Math.max(name.length, ...lines.map((line) => line[at]?.length ?? 0)),
  );
  const text = [COLUMNS, ...lines].map((line) =>
    line.map((cell, at) => pad(cell, widths[at] ?? 0, at)).join('  '),
  );
  return `${text.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Names stand left, numbers right. */
function pad(cell: string, width: number, column: number): string {
  return column === 0 || column === COLUMNS.length - 1 ? cell.padEnd(width) : cell.padStart(width);
}
