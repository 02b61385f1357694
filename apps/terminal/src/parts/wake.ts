import { useEffect } from 'preact/hooks';

/** Keeps the screen on while a code is shown, where a browser can. */
export function useAwake(): void {
  useEffect(() => {
    let isGone = false;
    let release = (): Promise<void> => Promise.resolve();
    const ask = async (): Promise<void> => {
      // Not every browser has it, and a battery that is low may refuse: then a finger has to do.
      const lock = await (navigator as Partial<Navigator>).wakeLock?.request('screen');
      if (lock === undefined) return;
      release = () => lock.release();
      if (isGone) await release();
    };
    ask().catch(() => undefined);
    return () => {
      isGone = true;
      release().catch(() => undefined);
    };
  }, []);
}
