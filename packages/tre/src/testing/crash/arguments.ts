/** What a child process is told about its life. */
export interface LifeArguments {
  /** Name of the environment, and the folder of what it keeps besides the purse. */
  readonly environment: string;
  readonly kept: string;
  readonly directory: string;
  readonly journal: string;
  readonly seed: string;
  /** Number of this life, from 1 on. */
  readonly life: number;
  /** The purse's certificate, in hex. */
  readonly certificate: string;
  /** When it kills itself; null when it is killed from outside. */
  readonly killAt: KillAt | null;
}

/** A point that no timer could hit. */
export interface KillAt {
  /** Before a change to the disk; or before the folder is synced, right after a state was renamed. */
  readonly point: 'change' | 'folder-sync';
  /** How many of them come before. */
  readonly after: number;
}
