import type { Bytes, Credential, Introduction, SignedImage } from '@tallystick/protocol';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';

/**
 * A tamper-resistant element as a wallet sees it: bytes in, bytes out, both canonical CBOR of bounded
 * length (TS-TRE-1). Commands that come while one is running wait for their turn.
 *
 * A command that is refused has a reply that says so. A promise that rejects says that the element
 * is gone: closed, without power, or with storage in doubt. What it last did may or may not be
 * durable; opening it again finds out, and nothing else may be asked of it before.
 */
export interface Element {
  /** Runs one command of the trusted application to its reply. Rejects only when the element is gone. */
  execute(command: Bytes): Promise<Bytes>;
  /**
   * Log entries from one position to another, both included, for upload. Positions that the store
   * was allowed to drop, or has lost, are left out: each entry states its own.
   */
  readLog(from: number, to: number): Promise<readonly Bytes[]>;
  /** SHA-256 of the trusted application that runs in it (TS-IMG-4). */
  measurement(): Promise<Bytes>;
  /** Hardware that vouches for the keys; absent where there is none (TS-ATT-3). */
  readonly attester?: Attester;
  /** Lets commands that wait finish, then releases the environment. */
  close(): Promise<void>;
}

/**
 * Hardware that shows a backend what it is. A challenge comes inside a credential, which only this very
 * hardware can read; the next evidence answers it.
 */
export interface Attester {
  /** What to ask for a challenge with; null where nothing vouches for the hardware itself. */
  introduce(): Promise<Introduction | null>;
  /** The challenge in a credential; null where that was made for other hardware. */
  activate(credential: Credential): Promise<Bytes | null>;
}

/** What an environment holds at start: the last committed state, and the position its log ends at. */
export interface Held {
  readonly state: Bytes | null;
  readonly logEnd: number;
}

/**
 * What an environment lends the trusted application: it carries out effects, one at a time (TS-TRE-2).
 * A promise that rejects takes the element down with it.
 */
export interface Host {
  load(): Promise<Held>;
  /** Drops log entries after a position: they were never committed. */
  truncateLog(end: number): Promise<void>;
  carryOut(effect: Effect): Promise<EffectAnswer>;
  /** Hardware that vouches for the keys, where there is any. */
  readonly attester?: Attester;
  close(): Promise<void>;
}

/**
 * A host that keeps the image its trusted application runs from. The manifest is kept with the
 * committed state and protected as that is; the code may lie open, since the manifest tells it.
 */
export interface ImageHost extends Host {
  /** Manifest of the image that ran last; null where none ever ran. */
  readonly manifest: Bytes | null;
  /** What lies where that image's code should; null where nothing does. Nothing is verified. */
  readCode(): Promise<Bytes | null>;
  /** Keeps an image in the place of the one before, durably, or says false and changes nothing. */
  install(image: SignedImage): Promise<boolean>;
}
