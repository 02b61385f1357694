/** Gives a lock back. */
export type Release = () => void;

/**
 * How long to wait for whoever has a lock: a page that was just left, or a worker that was just ended,
 * gives its locks back a moment later.
 */
const PATIENCE_MS = 1_000;

/**
 * Takes a lock of this origin (Web Locks), or returns null when another page or worker keeps it. It ends with
 * the page or worker that took it, however that ends.
 */
export async function takeLock(
  name: string,
  patienceMs: number = PATIENCE_MS,
): Promise<Release | null> {
  // A browser that is slow to answer is no lock that is kept: only once it said so does the time run.
  const free = await ask(name, { ifAvailable: true });
  if (free !== null) return free;
  const signal = AbortSignal.timeout(patienceMs);
  return ask(name, { signal }).catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
}

function ask(name: string, options: LockOptions): Promise<Release | null> {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(name, options, (lock) => {
      if (lock === null) return resolve(null);
      const kept = Promise.withResolvers<void>();
      resolve(() => kept.resolve());
      return kept.promise;
    });
    held.catch(reject);
  });
}
