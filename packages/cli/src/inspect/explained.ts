/** One field of a message as it stands on the wire, in words. */
export interface Field {
  readonly name: string;
  readonly value: string;
  /** What it is for, to a reader who does not know the specification. */
  readonly meaning: string;
  /** Where the specification says so. */
  readonly clause: string;
}

/** One check that was made, or could not be. */
export interface Check {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'not checked';
  /** A stable error code where it failed, else null. */
  readonly code: string | null;
  /** What was wrong, or what to add so that it can be checked. */
  readonly detail: string;
}

/** A message in words. */
export interface Explained {
  /** Its name in the specification. */
  readonly kind: string;
  /** What it is, in one line. */
  readonly says: string;
  readonly clause: string;
  readonly bytes: number;
  readonly fields: readonly Field[];
  readonly checks: readonly Check[];
  /** Messages within it. */
  readonly parts: readonly Explained[];
}

/** Every check, those of the parts included. */
export function allChecks(of: Explained): readonly Check[] {
  return [...of.checks, ...of.parts.flatMap(allChecks)];
}

/** True when something was checked, nothing failed, and nothing was left unchecked. */
export function isVerified(of: Explained): boolean {
  const checks = allChecks(of);
  return checks.length > 0 && checks.every(({ outcome }) => outcome === 'passed');
}
