import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Bytes } from '@tallystick/protocol';
import { BOUNDS } from '../limits.ts';
import { Deframer, framed, FramingError } from './framing.ts';

/** Why a program gave no message. */
export type Silence =
  | { readonly kind: 'timeout'; readonly ms: number }
  | { readonly kind: 'ended'; readonly how: string }
  | { readonly kind: 'framing'; readonly what: string };

export type Heard =
  | { readonly ok: true; readonly message: Bytes }
  | { readonly ok: false; readonly silence: Silence };

interface Waiting {
  readonly resolve: (heard: Heard) => void;
  readonly alarm: NodeJS.Timeout;
}

/**
 * The program under test as a child process: messages to its standard input, messages from its
 * standard output. It is believed nothing: what it writes is bounded, and so is the wait for it.
 */
export class Program {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #deframer = new Deframer();
  readonly #heard: Bytes[] = [];
  readonly #over: Promise<void>;
  #waiting: Waiting | null = null;
  #silence: Silence | null = null;
  #errors = '';

  constructor(command: readonly [string, ...string[]], workingFolder: string) {
    const [file, ...args] = command;
    // A group of its own, so that a wrapper (a shell, npx) does not outlive what it started.
    this.#child = spawn(file, args, { cwd: workingFolder, stdio: 'pipe', detached: true });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString('utf8')).slice(-BOUNDS.errorBytes);
    });
    // Writing to a program that is gone fails; that it is gone is told by its end.
    this.#child.stdin.on('error', () => undefined);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#over = promise;
    this.#child.once('error', (error) => {
      this.#fall({ kind: 'ended', how: `it cannot be started: ${error.message}` });
      resolve();
    });
    this.#child.once('exit', resolve);
    // After its last words were read.
    this.#child.once('close', (code, signal) => {
      this.#fall({
        kind: 'ended',
        how: signal === null ? `with exit code ${code}` : `by ${signal}`,
      });
    });
  }

  /** The end of what it wrote to its standard error. */
  get errors(): string {
    return this.#errors;
  }

  /** Sends a message without waiting for an answer. */
  send(message: Bytes): void {
    if (this.#silence === null) this.#child.stdin.write(framed(message));
  }

  /** The same, each byte by itself: a pipe promises no more. */
  async sendInPieces(message: Bytes): Promise<void> {
    for (const byte of framed(message)) {
      this.#child.stdin.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The next message, or why none comes. After a silence there is only that silence. */
  hear(ms: number): Promise<Heard> {
    const message = this.#heard.shift();
    if (message !== undefined) return Promise.resolve({ ok: true, message });
    if (this.#silence !== null) return Promise.resolve({ ok: false, silence: this.#silence });
    const { promise, resolve } = Promise.withResolvers<Heard>();
    const alarm = setTimeout(() => this.#fall({ kind: 'timeout', ms }), ms);
    this.#waiting = { resolve, alarm };
    return promise;
  }

  /** Whether it said something that nobody waits for. */
  get isChatty(): boolean {
    return this.#heard.length > 0;
  }

  /** Ends it as a loss of power would, and waits until it is gone. */
  async kill(): Promise<void> {
    const { pid } = this.#child;
    if (pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
      process.kill(-pid, 'SIGKILL');
    }
    await this.#over;
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      stream.destroy();
    }
  }

  #take(chunk: Bytes): void {
    if (this.#silence !== null) return;
    try {
      // A flood of small messages is held up by the bound on what one order may be answered with.
      this.#heard.push(...this.#deframer.take(chunk));
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      this.#fall({ kind: 'framing', what: error.message });
      return;
    }
    if (this.#heard.length > BOUNDS.outMax) {
      this.#fall({ kind: 'framing', what: `more than ${BOUNDS.outMax} messages unasked` });
      return;
    }
    const message = this.#waiting === null ? undefined : this.#heard.shift();
    if (message !== undefined) this.#answer({ ok: true, message });
  }

  #fall(silence: Silence): void {
    this.#silence ??= silence;
    this.#heard.length = 0;
    this.#answer({ ok: false, silence: this.#silence });
  }

  #answer(heard: Heard): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    clearTimeout(waiting.alarm);
    waiting.resolve(heard);
  }
}
