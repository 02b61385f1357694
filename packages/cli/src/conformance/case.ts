import type { Rig } from './rig/rig.ts';

/** What a program under test can be asked to be. */
export type Role = 'payer' | 'payee';

/** One thing that is tried on a program, and the clauses it judges. */
export interface Case {
  /** Stable, such as `payee/high-s`. */
  readonly id: string;
  readonly title: string;
  readonly clauses: readonly string[];
  /** What the program has to be for it: any one of these, or all of them. */
  readonly roles: readonly Role[];
  readonly needsBoth: boolean;
  /** Throws a Violation where a clause is broken. */
  readonly run: (rig: Rig) => Promise<void>;
}

/** A case of a topic: its name, what it judges, and how. */
export type Row = readonly [
  name: string,
  title: string,
  clauses: readonly string[],
  run: (rig: Rig) => Promise<void>,
];

/** The cases of one topic. Of several roles, any one will do unless both are needed. */
export function topic(
  name: string,
  roles: readonly Role[],
  rows: readonly Row[],
  needsBoth = false,
): Case[] {
  return rows.map(([id, title, clauses, run]) => ({
    id: `${name}/${id}`,
    title,
    clauses,
    roles,
    needsBoth,
    run,
  }));
}
