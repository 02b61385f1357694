import { describe, expect, test } from 'vitest';
import { createSandboxRail } from '../rail/sandbox-rail.ts';
import type { Context } from '../reconciliation/index.ts';
import { createMemoryStore } from '../store/memory.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';

/** A dispatcher over an outbox that only counts how often it is looked into. */
function counting(): { dispatcher: Dispatcher; runs: () => number; fail: (error: Error) => void } {
  const store = createMemoryStore();
  let runs = 0;
  let failure: Error | null = null;
  const failures: unknown[] = [];
  const outbox = (): Promise<[]> => {
    runs += 1;
    return failure === null ? Promise.resolve([]) : Promise.reject(failure);
  };
  const context = { store: { ...store, outbox } } as unknown as Context;
  const dispatcher = createDispatcher(context, createSandboxRail(store), (error) =>
    failures.push(error),
  );
  const fail = (error: Error): void => {
    failure = error;
  };
  return { dispatcher, runs: () => runs, fail };
}

function held(): { work: () => Promise<void>; release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, release: resolve };
}

describe('the dispatcher', () => {
  test('those who wait at once share a run that starts after they came', async () => {
    const { dispatcher, runs } = counting();
    await Promise.all([dispatcher.drain(), dispatcher.drain(), dispatcher.drain()]);
    // The first found nobody before it; the other two came during its run.
    expect(runs()).toBe(2);
  });

  test('a run waits for those who are writing', async () => {
    const { dispatcher, runs } = counting();
    const { work, release } = held();
    const writing = dispatcher.during(work);
    const draining = dispatcher.drain();
    await Promise.resolve();
    expect(runs()).toBe(0);
    release();
    await Promise.all([writing, draining]);
    expect(runs()).toBe(1);
  });

  test('but not for ever', async () => {
    const { dispatcher, runs } = counting();
    const { work, release } = held();
    const writing = dispatcher.during(work);
    await Promise.all(Array.from({ length: 512 }, () => dispatcher.drain()));
    expect(runs()).toBe(1);
    release();
    await writing;
  });

  test('a run that fails lets its callers go, and the next one runs', async () => {
    const { dispatcher, runs, fail } = counting();
    fail(new Error('no database'));
    await dispatcher.drain();
    await dispatcher.drain();
    expect(runs()).toBe(2);
  });

  test('work that fails no longer counts as writing', async () => {
    const { dispatcher, runs } = counting();
    await expect(dispatcher.during(() => Promise.reject(new Error('bad upload')))).rejects.toThrow(
      'bad upload',
    );
    await dispatcher.drain();
    expect(runs()).toBe(1);
  });
});
