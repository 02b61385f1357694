import type { Bytes } from '@tallystick/protocol';
import { type Outcome, refuse } from '../outcome.ts';
import type { Ingested } from '../reconciliation/index.ts';

/** Takes uploads in, several at once: they share the cost of a transaction. */
export interface Inbox {
  /** Errors: BUSY when too much is waiting already; those of the upload. */
  take(upload: Bytes): Promise<Outcome<Ingested>>;
}

export type IngestMany = (uploads: readonly Bytes[]) => Promise<readonly Outcome<Ingested>[]>;

/** While one transaction waits for the disk or for signatures, the other computes. */
const LANES = 4;
/** What goes into one transaction: enough to share its cost, little enough to hold in memory. */
const TOGETHER = 48;
const TOGETHER_BYTES = 4_194_304;
/** What may wait; a device that is refused comes again. */
const WAITING_BYTES = 67_108_864;

interface Waiting {
  readonly upload: Bytes;
  readonly resolve: (outcome: Outcome<Ingested>) => void;
  readonly reject: (error: unknown) => void;
}

/** An inbox of which nothing waits longer than it must: a lane that is free takes what there is. */
export function createInbox(ingestMany: IngestMany): Inbox {
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let running = 0;

  function next(): Waiting[] {
    const together: Waiting[] = [];
    let bytes = 0;
    for (const { upload } of waiting) {
      bytes += upload.length;
      if (together.length > 0 && bytes > TOGETHER_BYTES) break;
      together.push(waiting[together.length] as Waiting);
      if (together.length === TOGETHER) break;
    }
    waiting.splice(0, together.length);
    for (const { upload } of together) waitingBytes -= upload.length;
    return together;
  }

  async function run(): Promise<void> {
    running += 1;
    while (waiting.length > 0) await takeIn(next(), ingestMany);
    running -= 1;
  }

  return {
    take: (upload) =>
      new Promise((resolve, reject) => {
        if (waitingBytes + upload.length > WAITING_BYTES) return resolve(refuse('BUSY'));
        waiting.push({ upload, resolve, reject });
        waitingBytes += upload.length;
        if (running < LANES) run().catch(reject);
      }),
  };
}

/** One upload whose transaction fails must not fail the others: each is then taken in alone. */
async function takeIn(together: readonly Waiting[], ingestMany: IngestMany): Promise<void> {
  try {
    const outcomes = await ingestMany(together.map(({ upload }) => upload));
    for (const [index, { resolve }] of together.entries()) {
      resolve(outcomes[index] as Outcome<Ingested>);
    }
  } catch (error) {
    if (together.length === 1) for (const { reject } of together) reject(error);
    else for (const alone of together) await takeIn([alone], ingestMany);
  }
}
