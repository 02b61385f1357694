/**
 * The document of an element's origin. It has no part in what the element does: it looks who embeds it, starts the
 * worker, and hands over a port to it.
 */
import type { ElementConfiguration } from '../../configuration.ts';
import { ALIVE, type Assignment, ENDED, HELLO, PORT } from '../handshake.ts';

/** Put in when the element is built. */
declare const ELEMENT: ElementConfiguration;

function heed(event: MessageEvent<unknown>): void {
  if (event.source !== window.parent || event.data !== HELLO) return;
  if (!ELEMENT.apps.includes(event.origin)) return;
  // One app, one worker, one port.
  removeEventListener('message', heed);
  startFor(event.origin);
}

function startFor(app: string): void {
  const worker = new Worker('/element.worker.js', { type: 'module' });
  const { port1, port2 } = new MessageChannel();
  const life = crypto.randomUUID();
  const tellEnd = (): void => window.parent.postMessage(ENDED, app);
  worker.addEventListener('error', tellEnd);
  worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    // No event tells that a worker has ended; the lock that it kept comes free.
    if (data === ALIVE) navigator.locks.request(life, tellEnd).catch(tellEnd);
  });
  worker.postMessage({ app, life } satisfies Assignment, [port2]);
  window.parent.postMessage(PORT, app, [port1]);
}

addEventListener('message', heed);
// Where a browser has no service workers to give, or does not agree to keep storage when room is short, the
// element works all the same.
navigator.serviceWorker.register('/offline.js', { updateViaCache: 'none' }).catch(() => undefined);
navigator.storage.persist().catch(() => undefined);
