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
export function takeLock(name: string): Promise<Release | null> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const held = navigator.locks.request(name, { signal }, () => {
      const kept = Promise.withResolvers<void>();
      resolve(() => kept.resolve());
      return kept.promise;
    });
    held.catch((error: unknown) => {
      if (signal.aborted) resolve(null);
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}
