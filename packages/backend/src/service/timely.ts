import type { Seconds } from '@tallystick/protocol';

/** So often at most does time-driven work look whether there is any. */
const LOOK_SECONDS = 60;

/**
 * Work that time alone makes due, done beside whatever is asked of the backend: nobody has to be
 * awake for it. What fails is told of, and tried again at the next look.
 */
export function createTimely(
  clock: () => Seconds,
  work: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
): () => Promise<void> {
  let lookedAt = -Infinity;
  return async () => {
    if (clock() - lookedAt < LOOK_SECONDS) return;
    lookedAt = clock();
    await work().catch(onFailure);
  };
}
