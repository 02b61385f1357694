import type { Store } from '@tallystick/backend/core';

/** The backend's process died: whatever was not committed is gone, and nobody got an answer. */
export class BackendCrash extends Error {}

/** When a process dies, and what it then has in common with its successor: the store alone. */
export interface Frailty {
  /** Asked before and after everything the store does. */
  readonly dies: () => boolean;
}

/**
 * The store as one process of the backend sees it. The process may die before a transaction, or right
 * after its commit; once dead, it reaches nothing any more.
 */
export function frailStore(store: Store, { dies }: Frailty): Store {
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
  return {
    ...store,
    transaction: (purses, work) => mortal(() => store.transaction(purses, work)),
    listing: (work) => mortal(() => store.listing(work)),
    exclusive: (lock, work) => mortal(() => store.exclusive(lock, work)),
    acknowledge: (rows) => mortal(() => store.acknowledge(rows)),
  };
}
