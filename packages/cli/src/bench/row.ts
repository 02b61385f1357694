/** One line of a benchmark. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is held against, in the same unit: a bound of the design, or a figure of this very run. */
  readonly limit: number | null;
  /** Value divided by limit. */
  readonly ratio: number | null;
}

/** A row with its ratio, rounded to three digits: more would be noise. */
export function row(name: string, value: number, unit: string, limit: number | null): Row {
  return {
    name,
    value: threeDigits(value),
    unit,
    limit: limit === null ? null : threeDigits(limit),
    ratio: limit === null ? null : threeDigits(value / limit),
  };
}

function threeDigits(value: number): number {
  return value >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}

/** Rows as a table for a screen. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ name, value, unit, limit, ratio }) => [
    name,
    String(value),
    unit,
    limit === null ? '' : String(limit),
    ratio === null ? '' : String(ratio),
  ]);
  const head = ['name', 'value', 'unit', 'limit', 'ratio'];
  const widths = head.map((title, at) =>
    Math.max(title.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  return [head, ...cells]
    .map((line) => line.map((cell, at) => pad(cell, widths[at] ?? 0, at)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Names and units to the left, figures to the right. */
function pad(cell: string, width: number, column: number): string {
  return column === 0 || column === 2 ? cell.padEnd(width) : cell.padStart(width);
}
