import type { Store } from '@tallystick/backend/core';

/** The backend's process died: whatever was not committed is gone, and nobody got an answer. */
export class BackendCrash extends Error {}

/** The backend's disk is full: the transaction is rolled back, and the process lives on. */
export class StoreFull extends Error {}

/** What befalls a process of the backend; the store alone is what it has in common with its successor. */
export interface Frailty {
  /** Asked before every operation on the store, and after every commit. */
  readonly dies: () => boolean;
  /** Asked when a transaction is about to commit. */
  readonly isFull: () => boolean;
}

/**
 * The store as one process of the backend sees it. The process may die between any two operations,
 * within a transaction too, or right after a commit; once dead, it reaches nothing any more.
 */
export function frailStore(store: Store, { dies, isFull }: Frailty): Store {
  let isDead = false;
  const survive = (): void => {
    isDead ||= dies();
    if (isDead) throw new BackendCrash();
  };
  const mortal = async <T>(work: () => Promise<T>): Promise<T> => {
    survive();
    const result = await work();
    survive();
    return result;
  };
  /** Every operation of a transaction, and the moment before its commit. */
  const within =
    <Tx extends object, T>(work: (tx: Tx) => Promise<T>): ((tx: Tx) => Promise<T>) =>
    async (tx) => {
      const result = await work(watched(tx, survive));
      survive();
      if (isFull()) throw new StoreFull('no space is left on the disk');
      return result;
    };
  return {
    ...store,
    certificates: (refs) => mortal(() => store.certificates(refs)),
    lists: (versions) => mortal(() => store.lists(versions)),
    outbox: (limit, after) => mortal(() => store.outbox(limit, after)),
    transaction: (purses, work) => mortal(() => store.transaction(purses, within(work))),
    listing: (work) => mortal(() => store.listing(within(work))),
    exclusive: (lock, work) => mortal(() => store.exclusive(lock, within(work))),
    acknowledge: (rows) => mortal(() => store.acknowledge(rows)),
  };
}

/** The same object, with `before` called ahead of each of its methods. */
function watched<T extends object>(of: T, before: () => void): T {
  return Object.fromEntries(
    Object.entries(of).map(([name, method]: [string, unknown]) => [
      name,
      typeof method === 'function'
        ? (...args: readonly unknown[]): unknown => {
            before();
            return Reflect.apply(method, of, args);
          }
        : method,
    ]),
  ) as T;
}
