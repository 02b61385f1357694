/** What code does that somebody got into an origin; bytes are hex. A test puts it there by a debugger. */
export interface Intruder {
  /** Names of this origin's databases, as this page or frame sees them. */
  databases(): Promise<readonly string[]>;
  get(database: string, store: string, key: string | number): Promise<string | null>;
  /** Puts bytes in, or takes out what is there where they are null. */
  put(database: string, store: string, key: string | number, value: string | null): Promise<void>;
  keys(database: string, store: string): Promise<readonly (string | number)[]>;
  /** Copies whatever lies under one key, of any type, to another place. */
  copy(
    from: readonly [string, string, string],
    to: readonly [string, string, string],
  ): Promise<void>;
  /** Tries to export every key of a database; what each attempt came to. */
  exportKeys(database: string): Promise<readonly string[]>;
  /** Removes the second copy of a database, whoever uses it. */
  removeSecondCopy(database: string): Promise<void>;
  /** How many commits have begun here since this was first asked. */
  countCommits(): Promise<number>;
  /** Tries what a content security policy must refuse; the directives that refused, in order of the attempts. */
  breakOut(elsewhere: string): Promise<readonly string[]>;
}
