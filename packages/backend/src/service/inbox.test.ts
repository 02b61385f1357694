import { describe, expect, test } from 'vitest';
import { accept, type Outcome } from '../outcome.ts';
import type { Ingested } from '../reconciliation/index.ts';
import { createInbox, type IngestMany } from './inbox.ts';

/** What came of an upload that is known by its first byte. */
function ingested(upload: Uint8Array): Outcome<Ingested> {
  return accept({ answer: upload } as unknown as Ingested);
}

function numbered(count: number, bytes = 1): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => new Uint8Array(bytes).fill(at));
}

async function answerTo(taken: Promise<Outcome<Ingested>>): Promise<number | string> {
  const outcome = await taken;
  return outcome.ok ? (outcome.value.answer[0] ?? -1) : outcome.error.code;
}

describe('the inbox', () => {
  test('gives everybody the outcome of their own upload, many to a transaction', async () => {
    const sizes: number[] = [];
    const ingestMany: IngestMany = async (uploads) => {
      sizes.push(uploads.length);
      await Promise.resolve();
      return uploads.map(ingested);
    };
    const inbox = createInbox(ingestMany);
    const answers = await Promise.all(numbered(120).map((each) => answerTo(inbox.take(each))));
    expect(answers).toEqual(numbered(120).map(([first]) => first));
    // Whoever finds a lane free does not wait; the others share.
    expect(sizes.slice(0, 4)).toEqual([1, 1, 1, 1]);
    expect(sizes.slice(4).every((size) => size > 1 && size <= 48)).toBe(true);
  });

  test('takes each in alone when a transaction of several fails, so that one fails for itself', async () => {
    const ingestMany: IngestMany = async (uploads) => {
      await Promise.resolve();
      if (uploads.some(([first]) => first === 7)) throw new Error('the disk is full');
      return uploads.map(ingested);
    };
    const inbox = createInbox(ingestMany);
    const taken = numbered(20).map((each) => answerTo(inbox.take(each)));
    const settled = await Promise.allSettled(taken);
    expect(settled.map(({ status }) => status)).toEqual(
      numbered(20).map(([first]) => (first === 7 ? 'rejected' : 'fulfilled')),
    );
  });

  test('takes no more bytes into one transaction than it may, but always one upload', async () => {
    const sizes: number[] = [];
    const inbox = createInbox(async (uploads) => {
      sizes.push(uploads.reduce((sum, { length }) => sum + length, 0));
      await Promise.resolve();
      return uploads.map(ingested);
    });
    const uploads = [...numbered(6, 1_500_000), new Uint8Array(4_194_304).fill(9)];
    await Promise.all(uploads.map((each) => inbox.take(each)));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4_194_304);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(6 * 1_500_000 + 4_194_304);
  });

  test('refuses what it cannot hold, and takes it once there is room', async () => {
    const gate = Promise.withResolvers<void>();
    const inbox = createInbox(async (uploads) => {
      await gate.promise;
      return uploads.map(ingested);
    });
    const big = numbered(20, 4_194_304).map((each) => inbox.take(each));
    expect(await answerTo(inbox.take(new Uint8Array(4_194_304)))).toBe('BUSY');
    gate.resolve();
    const outcomes = await Promise.all(big);
    expect(outcomes.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(16);
    expect(await answerTo(inbox.take(Uint8Array.of(5)))).toBe(5);
  });
});
