import type { Bytes } from '@tallystick/protocol';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';

/**
 * A tamper-resistant element as a wallet sees it: bytes in, bytes out, both canonical CBOR of bounded
 * length (TS-TRE-1). Commands that come while one is running wait for their turn.
 */
export interface Element {
  /** Runs one command of the trusted application to its reply. Rejects only when the element itself is gone. */
  execute(command: Bytes): Promise<Bytes>;
  /** Log entries by position, first and last included, for upload. */
  readLog(from: number, to: number): Promise<readonly Bytes[]>;
  close(): Promise<void>;
}

/** What an environment lends the trusted application: it carries out effects, one at a time (TS-TRE-2). */
export interface Host {
  /** What is stored at start: the last committed state, and the position its log ends at. */
  load(): Promise<{ readonly state: Bytes | null; readonly logEnd: number }>;
  /** Drops log entries after a position: they were never committed. */
  truncateLog(end: number): Promise<void>;
  carryOut(effect: Effect): Promise<EffectAnswer>;
  close(): Promise<void>;
}
