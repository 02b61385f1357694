import type { ComponentChildren, JSX } from 'preact';

export interface Column<T> {
  readonly name: string;
  /** A number, which stands at the end of its column. */
  readonly isNumber?: boolean;
  readonly of: (row: T) => ComponentChildren;
}

/** Rows with a head each column; the first of a row names it. It scrolls by itself where it is too wide. */
export function Table<T>(props: {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
}): JSX.Element {
  const { caption, columns, rows, keyOf } = props;
  return (
    // Whoever has no pointer scrolls by the arrows, so that it takes focus.
    <div class="table" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, isNumber = false }) => (
              <th key={name} scope="col" class={isNumber ? 'number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ name, isNumber = false, of }, at) =>
                at === 0 ? (
                  <th key={name} scope="row">
                    {of(row)}
                  </th>
                ) : (
                  <td key={name} class={isNumber ? 'number' : undefined}>
                    {of(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
