import type { Signal } from '@preact/signals';

/** How often a page that is open talks to the bank by itself. */
const SYNC_EVERY_MS = 60_000;

/**
 * Talks to the bank now, whenever the network comes back, and now and then.
 *
 * @param online told whether the browser thinks that there is a network
 */
export function keepUpToDate(online: Signal<boolean>, sync: () => Promise<void>): void {
  const tick = (): void => {
    online.value = navigator.onLine;
    if (navigator.onLine && !document.hidden) sync().catch(reportError);
  };
  addEventListener('online', tick);
  addEventListener('offline', tick);
  document.addEventListener('visibilitychange', tick);
  setInterval(tick, SYNC_EVERY_MS);
  tick();
}
