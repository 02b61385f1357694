import { useEffect } from 'preact/hooks';
import type { Transport } from '@tallystick/wallet';
import { useSurroundings } from './context.ts';

/** Turns to a device that is held to this one, as long as this is on the screen. */
export function useTap(onTap: (tap: Transport) => void): void {
  const { nearby } = useSurroundings();
  const tap = nearby.tap.value;
  useEffect(() => {
    const taken = tap === null ? null : nearby.take();
    if (taken !== null) onTap(taken);
  }, [tap]);
}
