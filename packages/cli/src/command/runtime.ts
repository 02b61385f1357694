/** What a process lends to a command: the only way a command reaches the world by itself. */
export interface Runtime {
  /** Relative paths start here. */
  readonly workingFolder: string;
  writeOut(text: string): void;
  writeError(text: string): void;
  /** Whether somebody watches stderr. */
  readonly errorIsTerminal: boolean;
  readStdin(): Promise<Uint8Array>;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Milliseconds since some moment, never going back: for durations. */
  elapsedMs(): number;
  /** Aborted by SIGINT and SIGTERM from the first call on; more signals change nothing. */
  stopSignal(): AbortSignal;
}
