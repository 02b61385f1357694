import type { Store } from '../store/port.ts';

/**
 * The same store, with at most `max` transactions at once. A transaction may read certificates and
 * lists besides, on a connection of its own: with fewer transactions than connections there is
 * always one left for that, and they never wait for each other in a circle.
 */
export function gateTransactions(store: Store, max: number): Store {
  const gate = createGate(max);
  return {
    ...store,
    transaction: (purses, work) => gate(() => store.transaction(purses, work)),
    listing: (work) => gate(() => store.listing(work)),
    view: (work) => gate(() => store.view(work)),
    exclusive: (lock, work) => gate(() => store.exclusive(lock, work)),
  };
}

type Gate = <T>(run: () => Promise<T>) => Promise<T>;

/** Lets `max` runs in at once; the others wait their turn. */
function createGate(max: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (run) => {
    // Whoever leaves hands the place on: nobody who comes later slips in between.
    if (inside < max) inside += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) inside -= 1;
      else next();
    }
  };
}
