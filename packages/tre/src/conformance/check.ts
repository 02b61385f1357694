import { type Bytes, type ErrorCode, equal, type Result, type Seconds } from '@tallystick/protocol';
import type { Faults } from '../memory/faults.ts';
import type { Element } from '../port.ts';

/** An element under examination, and what can be done to it. */
export interface Specimen {
  /** Opens the element on what its storage holds: blank at first, then whatever came of it. */
  open(): Promise<Result<Element>>;
  /** Where the environment can be told to fail. */
  readonly faults?: Faults;
  /** Ends everything at once, as a loss of power does: only what is durable stays. */
  cutPower?(): Promise<void>;
  /** Removes all traces. */
  dispose(): Promise<void>;
}

/** What an environment offers beyond the minimum; a check may need it. */
export type Offer =
  /** It can be told to fail: {@link Specimen.faults}. */
  | 'faults'
  /** Its power can be cut between commands: {@link Specimen.cutPower}. */
  | 'power'
  /** It holds Ed25519 keys, besides those of ES256. */
  | 'ed25519'
  /** It has a local clock, and it is the one of the {@link World}. */
  | 'clock';

/** What surrounds a specimen. */
export interface World {
  readonly clock: () => Seconds | null;
}

/** Makes a blank specimen. */
export type OpenFresh = (world: World) => Promise<Specimen>;

/** One demand on every environment. `run` rejects, and says what is wrong, where it is not met. */
export interface Check {
  readonly name: string;
  /** The clause it examines, such as `TS-TRE-3`. */
  readonly clause: string;
  readonly needs: readonly Offer[];
  run(openFresh: OpenFresh): Promise<void>;
}

/** Why an environment does not conform. */
class Nonconformity extends Error {}

export function must(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Nonconformity(otherwise);
}

export function mustEqual<T extends bigint | number | string | boolean | null>(
  actual: T,
  expected: T,
  what: string,
): void {
  must(actual === expected, `${what} is ${String(actual)}, not ${String(expected)}`);
}

export function mustMatch(actual: Bytes, expected: Bytes, what: string): void {
  must(equal(actual, expected), `${what} has changed`);
}

/** The result must be a refusal with this code. */
export function mustRefuse(result: Result<unknown>, code: ErrorCode, what: string): void {
  mustEqual<string>(result.ok ? 'OK' : result.error.code, code, what);
}
