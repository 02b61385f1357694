/** What a process lends to a command: the only way a command reaches the world by itself. */
export interface Runtime {
  /** Relative paths start here. */
  readonly workingFolder: string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Whether somebody watches stderr. */
  readonly errorIsTerminal: boolean;
  readonly readStdin: () => Promise<Uint8Array>;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Milliseconds since some moment, never going back: for durations. */
  readonly elapsedMs: () => number;
  /** Aborted by SIGINT and SIGTERM from the first call on; more signals change nothing. */
  readonly stopSignal: () => AbortSignal;
}
