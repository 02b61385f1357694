import { Worker } from 'node:worker_threads';
import { pack, packedLength, verdictsOf } from './packing.ts';
import { type CheckQueue, createQueue, type Work } from './queue.ts';
import type { VerifyMany } from './verifier.ts';

export interface PoolOptions {
  /** Threads; one for every core that may be kept busy. */
  readonly workers: number;
  /** Imported keys each worker keeps, 3 to 5 kB each. */
  readonly keysMax?: number;
  /** Told of every worker that died. */
  readonly onFailure?: (error: Error) => void;
  /** The program that verifies. */
  readonly program?: URL;
}

export interface VerificationPool {
  /** @throws VerificationUnavailable when a worker died on it or the pool is closed */
  readonly verifyMany: VerifyMany;
  close(): Promise<void>;
}

/** The signatures were not judged: the caller may try again. */
export class VerificationUnavailable extends Error {
  override readonly name = 'VerificationUnavailable';
}

/** What a worker starts with. */
export interface WorkerSettings {
  readonly keysMax: number;
}

/** What a worker is sent: checks packed into memory that both sides see. */
export interface Batch {
  readonly buffer: SharedArrayBuffer;
  readonly count: number;
}

const KEYS_MAX = 10_000;
/** Enough to hide the way to the worker and back, few enough to spread one upload over all. */
const BATCH_CHECKS = 512;
/** Workers that die one after another without one batch done: the program itself is at fault. */
const FAILURES_IN_A_ROW_MAX = 5;
const BUFFER_BYTES = 262_144;

/** Starts worker threads that verify ES256 and Ed25519 signatures. */
export function startPool(options: PoolOptions): VerificationPool {
  const { workers: size, keysMax = KEYS_MAX, onFailure = () => undefined } = options;
  const program = options.program ?? new URL('./verify.worker.ts', import.meta.url);
  const queue = createQueue();
  let members: Member[] = [];
  let failuresInARow = 0;
  let closed: Error | undefined;

  function start(): Member {
    const worker = new Worker(program, { workerData: { keysMax } satisfies WorkerSettings });
    const member = createMember(worker, {
      onDone: () => {
        failuresInARow = 0;
        pump();
      },
      onDeath: (error) => {
        replace(member, error);
      },
    });
    return member;
  }

  function replace(dead: Member, error: Error): void {
    members = members.filter((member) => member !== dead);
    if (closed !== undefined) return;
    onFailure(error);
    failuresInARow += 1;
    if (failuresInARow < FAILURES_IN_A_ROW_MAX) members.push(start());
    else
      closed = new VerificationUnavailable('verification workers keep failing', { cause: error });
    pump();
  }

  function pump(): void {
    if (closed !== undefined) queue.failAll(closed);
    const idle = members.filter((member) => !member.busy);
    idle.forEach((member, index) => giveShare(queue, member, idle.length - index));
  }

  members = Array.from({ length: size }, start);
  return {
    verifyMany: (checks) => {
      const verdicts = queue.add(checks);
      pump();
      return verdicts;
    },
    close: async () => {
      closed ??= new VerificationUnavailable('the verification pool is closed');
      queue.failAll(closed);
      await Promise.all(members.map((member) => member.stop()));
    },
  };
}

function giveShare(queue: CheckQueue, member: Member, idle: number): void {
  const count = Math.min(BATCH_CHECKS, Math.ceil(queue.size / idle));
  if (count > 0) member.give(queue.take(count));
}

interface Member {
  readonly busy: boolean;
  give(work: Work): void;
  stop(): Promise<void>;
}

/** A worker with the batch it is at. */
function createMember(
  worker: Worker,
  on: { onDone: () => void; onDeath: (error: Error) => void },
): Member {
  let buffer = new SharedArrayBuffer(BUFFER_BYTES);
  let work: Work | undefined;
  let dead = false;

  function die(cause: unknown): void {
    if (dead) return;
    dead = true;
    const error = new VerificationUnavailable('a verification worker died', { cause });
    work?.fail(error);
    work = undefined;
    on.onDeath(error);
  }

  worker.on('message', () => {
    const done = work;
    work = undefined;
    done?.finish(verdictsOf(buffer, done.checks.length));
    on.onDone();
  });
  worker.on('error', die);
  worker.on('messageerror', die);
  worker.on('exit', (code) => die(`exit code ${code}`));

  return {
    get busy() {
      return work !== undefined;
    },
    give: (next) => {
      work = next;
      const bytes = packedLength(next.checks);
      if (bytes > buffer.byteLength) buffer = new SharedArrayBuffer(bytes * 2);
      pack(next.checks, buffer);
      worker.postMessage({ buffer, count: next.checks.length } satisfies Batch, []);
    },
    stop: async () => {
      await worker.terminate();
    },
  };
}
