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
  /** Sets a variable of this process, for a native library that asks for nothing else. */
  readonly setVariable: (name: string, value: string) => void;
  /** Aborted by SIGINT and SIGTERM from the first call on; more signals change nothing. */
  readonly stopSignal: () => AbortSignal;
}
