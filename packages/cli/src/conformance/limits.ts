/** Bounds on what a program under test may make the runner hold or wait for. */
export const BOUNDS: {
  readonly messageBytes: number;
  readonly outMax: number;
  readonly errorBytes: number;
  readonly transcriptMax: number;
  readonly shownBytes: number;
  readonly failedStartsMax: number;
} = {
  /**
   * One message over the pipe, either way: an upload at its longest, and its head. Whatever claims to
   * be longer is not read.
   */
  messageBytes: 4_194_304 + 65_536,
  /** Messages in one report: more than one contact has frames. */
  outMax: 64,
  /** Bytes of its standard error that are kept for the report of a failure. */
  errorBytes: 4_096,
  /** Messages each way that are kept to show with a failure. */
  transcriptMax: 12,
  /** Bytes of one message that are shown with a failure. */
  shownBytes: 2_048,
  /** A program that does not open its storage this often in a row is given up. */
  failedStartsMax: 3,
};

/** How long a program may take to answer one order, in milliseconds, where nothing else is said. */
export const ANSWER_MS = 10_000;
