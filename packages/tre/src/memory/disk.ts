import type { Algorithm, Bytes } from '@tallystick/protocol';

export interface MemoryKey {
  readonly alg: Algorithm;
  readonly secret: Bytes;
}

/** What survives a loss of power in a {@link memoryHost}: everything a thief of the storage has. */
export interface MemoryDisk {
  state: Bytes | null;
  /** Log entries by position. */
  readonly log: Map<number, Bytes>;
  logEnd: number;
  /** Secret keys by slot. */
  readonly keys: Map<number, MemoryKey>;
}

/** A disk with nothing on it. */
export function emptyDisk(): MemoryDisk {
  return { state: null, log: new Map(), logEnd: 0, keys: new Map() };
}

/**
 * A copy of a disk: a snapshot to roll back to, or a clone to run beside the original. Its byte
 * strings are shared, since no host ever changes them in place.
 */
export function copyDisk({ state, log, logEnd, keys }: MemoryDisk): MemoryDisk {
  return { state, log: new Map(log), logEnd, keys: new Map(keys) };
}
