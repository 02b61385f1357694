import { simulate } from '@tallystick/simulator';
import { liveHeapBytes } from '../heap.ts';
import type { Lab } from '../lab.ts';
import { StandIn } from '../simulated/stand-in.ts';

const SEED = 'memory';
/**
 * Events in the life of a purse: it is enrolled and loaded, and pays or is paid a few times. A world
 * says how far it is once in 500 steps: those of 25 purses.
 */
const STEPS_EACH = 20;

/** Thrown to leave a world in the middle: what it looks like at its end is of no interest. */
class Enough extends Error {}

/** Bytes of heap that one simulated purse more takes, its share of the backend in memory included. */
export async function measureSimulated({ scale, begin }: Lab): Promise<number> {
  const [few, many] = scale.simulatedPurses;
  begin(`simulating ${few} purses`);
  // The first world also brings in code and what an engine keeps of it.
  await heapOf(few);
  const before = await heapOf(few);
  begin(`simulating ${many} purses`);
  return ((await heapOf(many)) - before) / (many - few);
}

/** Heap of a world of so many purses, each of which has seen so many events. */
async function heapOf(purses: number): Promise<number> {
  const last = purses * STEPS_EACH;
  const { sign, verify } = new StandIn();
  let bytes = 0;
  try {
    await simulate({
      seed: SEED,
      steps: last + 1,
      wallets: purses,
      terminals: 0,
      attackers: 0,
      sign,
      verify,
      // What all of them share would hide what one takes.
      verdictsMax: 1,
      onProgress: (step) => {
        if (step < last) return;
        bytes = liveHeapBytes();
        throw new Enough();
      },
    });
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  if (bytes === 0) throw new Error(`the world of ${purses} purses ended before step ${last}`);
  return bytes;
}
