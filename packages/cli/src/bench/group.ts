import type { Lab } from './lab.ts';
import type { Row } from './row.ts';

/** Rows that are measured together; their names start with the name of the group and a slash. */
export interface Group {
  readonly name: string;
  /** What follows in the name of each row, in order. */
  readonly rows: readonly string[];
  /** Measures at least the rows that are wanted, in order. */
  readonly measure: (lab: Lab, isWanted: (row: string) => boolean) => Promise<readonly Row[]>;
}

/** Measures a group whose rows start with a prefix, and keeps those that do. */
export async function measureGroup(
  { name, rows, measure }: Group,
  prefix: string,
  lab: Lab,
): Promise<readonly Row[]> {
  const isWanted = (row: string): boolean => `${name}/${row}`.startsWith(prefix);
  const promised = rows.filter(isWanted).map((each) => `${name}/${each}`);
  if (promised.length === 0) return [];
  const measured = await measure(lab, isWanted);
  const kept = measured.filter((row) => row.name.startsWith(prefix));
  const names = kept.map((row) => row.name);
  if (names.join() !== promised.join()) {
    throw new Error(`the group ${name} measured ${names.join(', ')}`);
  }
  return kept;
}
