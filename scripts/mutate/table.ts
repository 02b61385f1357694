import type { Guard } from './marker.ts';

/** What came of removing one guard. */
export interface Row {
  readonly guard: Guard;
  readonly how: string;
  readonly by: 'worlds' | 'tests';
  /** Null when nobody noticed. */
  readonly found: string | null;
  readonly seconds: number;
}

const HEAD = `# Guards

Every rule that keeps money from being lost, doubled or made is embodied by guards: single checks that
the code names with a comment \`// GUARD name (rule): …\`. \`npm run mutate\` removes one at a time, and a
simulated world (2,000 steps from a seed) or a test must find the hole. This page is made by
\`npm run mutate -- --write\`.

| guard | rule | what it does | file | removed | found by |
|---|---|---|---|---|---|
`;

/** The page of the guards. */
export function table(rows: readonly Row[]): string {
  return `${HEAD}${rows.map(line).join('\n')}\n`;
}

function line({ guard, how, by, found }: Row): string {
  const file = guard.path.replace(/^packages\//, '');
  const finder = by === 'worlds' ? 'simulator' : 'test';
  const words = found === null ? '**nobody**' : `${finder}: ${found.replace(/^packages\//, '')}`;
  const cells = [`\`${guard.name}\``, guard.rule, guard.says, file, how, words];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
