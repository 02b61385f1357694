import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 5_000;
const POLL_MS = 20;

/**
 * Holds a name for as long as this process lives: one that only the kernel knows (an abstract socket), which
 * it gives away once, and has back when the holder is gone, however that ended. Waits for a holder that is
 * about to end; false where it stays.
 */
export async function hold(name: string, patienceMs: number = PATIENCE_MS): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    if (await take(name)) return true;
    if (waitedMs >= patienceMs) return false;
    await pause(POLL_MS);
  }
}

function take(name: string): Promise<boolean> {
  // Nobody is let in: the name is all that matters.
  const server = createServer((visitor) => visitor.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(`\0${name}`, () => {
      server.unref();
      resolve(true);
    });
  });
}
