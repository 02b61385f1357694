/** Counts of what the world did to its devices: a run that shows none has proven little. */
export interface FaultCounts {
  messagesLost: number;
  messagesDelayed: number;
  messagesDuplicated: number;
  messagesReordered: number;
  linksCut: number;
  crashes: number;
  failedCommits: number;
  clockJumps: number;
  rollbacks: number;
  clones: number;
  uploadsDelayed: number;
  uploadsRepeated: number;
  uploadsReordered: number;
  repliesLost: number;
  backendCrashes: number;
}

/** How often each fault happens, in parts per thousand of its occasions. */
export interface FaultRates {
  readonly lose: number;
  readonly delay: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly cut: number;
  /** For each effect of each command. */
  readonly crash: number;
  readonly failCommit: number;
  /** For each of a wallet's turns. */
  readonly clockJump: number;
  /** For each of an attacker's turns. */
  readonly rollback: number;
  readonly clone: number;
  readonly loseRequest: number;
  readonly loseReply: number;
  readonly repeatUpload: number;
  /** For each transaction of the backend, before it and after its commit. */
  readonly backendCrash: number;
}

export const DEFAULT_RATES: FaultRates = {
  lose: 40,
  delay: 150,
  duplicate: 40,
  reorder: 40,
  cut: 20,
  crash: 4,
  failCommit: 3,
  clockJump: 10,
  rollback: 60,
  clone: 15,
  loseRequest: 40,
  loseReply: 60,
  repeatUpload: 80,
  backendCrash: 2,
};

/** A world in which nothing goes wrong: how every run ends, so that what is left over shows. */
export const CALM: FaultRates = {
  lose: 0,
  delay: 0,
  duplicate: 0,
  reorder: 0,
  cut: 0,
  crash: 0,
  failCommit: 0,
  clockJump: 0,
  rollback: 0,
  clone: 0,
  loseRequest: 0,
  loseReply: 0,
  repeatUpload: 0,
  backendCrash: 0,
};

export function noFaults(): FaultCounts {
  return {
    messagesLost: 0,
    messagesDelayed: 0,
    messagesDuplicated: 0,
    messagesReordered: 0,
    linksCut: 0,
    crashes: 0,
    failedCommits: 0,
    clockJumps: 0,
    rollbacks: 0,
    clones: 0,
    uploadsDelayed: 0,
    uploadsRepeated: 0,
    uploadsReordered: 0,
    repliesLost: 0,
    backendCrashes: 0,
  };
}
