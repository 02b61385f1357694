import type { Bytes } from '@tallystick/protocol';

/** What a worker is told when it starts. */
export interface Job {
  readonly target: string;
  readonly inputs: number;
  readonly seed: number;
  readonly writesCorpus: boolean;
  /** Eight bytes of head and then the input that is running: what shows a hang. */
  readonly running: SharedArrayBuffer;
}

/** What it says when it is done. */
export interface Report {
  readonly inputs: number;
  readonly features: number;
  readonly ms: number;
  readonly worstMs: number;
  readonly worstMemory: number;
  readonly finding: { readonly message: string; readonly input: Bytes } | null;
}

const HEAD_BYTES = 8;
/** The longest input of any target, and its head. */
export const RUNNING_BYTES = 4_300_000;

/** Notes which input runs, and the how manieth it is, for whoever watches. */
export function noteRunning(running: SharedArrayBuffer, input: Bytes, before: number): void {
  new Uint8Array(running, HEAD_BYTES).set(input.subarray(0, RUNNING_BYTES - HEAD_BYTES));
  const head = new Int32Array(running, 0, 2);
  head[1] = input.length;
  head[0] = before + 1;
}

/** Inputs begun so far, and the one that runs. */
export function readRunning(running: SharedArrayBuffer): { begun: number; input: Bytes } {
  const [begun = 0, length = 0] = new Int32Array(running, 0, 2);
  return { begun, input: new Uint8Array(running, HEAD_BYTES, length).slice() };
}
