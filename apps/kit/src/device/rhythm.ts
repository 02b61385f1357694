import type { Signal } from '@preact/signals';

/** How often a page that is open talks to the bank by itself. */
const SYNC_EVERY_MS = 60_000;

/**
 * Talks to the bank now, whenever the network comes back, and now and then.
 *
 * @param online told whether there is a network, as far as the browser and a page around this one know
 * @returns to be told by a page around this one whether there is a network
 */
export function keepUpToDate(
  online: Signal<boolean>,
  sync: () => Promise<void>,
): (isThere: boolean) => void {
  let isCutOff = false;
  const tick = (): void => {
    online.value = navigator.onLine && !isCutOff;
    if (online.value && !document.hidden) sync().catch(reportError);
  };
  addEventListener('online', tick);
  addEventListener('offline', tick);
  document.addEventListener('visibilitychange', tick);
  setInterval(tick, SYNC_EVERY_MS);
  tick();
  return (isThere) => {
    if (isCutOff !== isThere) return;
    isCutOff = !isThere;
    tick();
  };
}
