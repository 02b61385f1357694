import type { Bytes } from '@tallystick/protocol';
import type { Random } from './random.ts';

/** Something that takes bytes from outside, with all that must hold whatever they are. */
export interface Target {
  readonly name: string;
  /** Inputs to start from: valid ones first of all. */
  readonly seeds: readonly Bytes[];
  /** Takes one input; throws whenever something is wrong that no documented refusal covers. */
  run(input: Bytes): void | Promise<void>;
  /** A mutation that knows more than bytes: one that signs again, for example. */
  deepen?(input: Bytes, random: Random): Bytes;
  /** Longest input that is tried, in bytes. */
  readonly inputMax: number;
  /** Longest that one input may take, in milliseconds of computing. */
  readonly msMax: number;
  /** Most memory that one input may take, in bytes: this, and `perByte` for each byte of the input. */
  readonly memoryMax: number;
  readonly perByte: number;
}

/** A promise of the target that does not hold. */
export class Broken extends Error {}

/** Throws {@link Broken} unless the condition holds. */
export function mustHold(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Broken(otherwise);
}
