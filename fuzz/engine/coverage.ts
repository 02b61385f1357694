/** Name of the global array that instrumented modules count in. */
export const COUNTERS = 'tallystickCounters';

/** Places that can be counted; more than the project's modules have. */
const PLACES_MAX = 131_072;

const counters = new Uint8Array(PLACES_MAX);
Object.assign(globalThis, { [COUNTERS]: counters });
let places = 0;

/** The number of another place. */
export function newPlace(): number {
  if (places === PLACES_MAX) throw new RangeError('there are more places than counters');
  return places++;
}

/** How often a place was passed, as a bit: 1, 2, 3, 4–7, 8–15, 16–31, 32–127, more. */
const CLASS = Uint8Array.from({ length: 256 }, (_, count) => {
  if (count < 4) return [0, 1, 2, 4][count] ?? 0;
  const bounds = [8, 16, 32, 128, 256];
  return 8 << bounds.findIndex((bound) => count < bound);
});

/**
 * What inputs have reached so far. A feature is a place together with a class of counts, so that a
 * loop that runs longer than ever counts as new.
 */
export class Coverage {
  readonly #seen = new Uint8Array(PLACES_MAX);
  #features = 0;

  /** Features reached by any input. */
  get features(): number {
    return this.#features;
  }

  /** Forgets the counts of what ran before. */
  start(): void {
    counters.fill(0, 0, places);
  }

  /** Takes up the counts since {@link start}: how many features were never reached before. */
  finish(): number {
    let added = 0;
    for (let place = 0; place < places; place++) {
      const count = counters[place] ?? 0;
      if (count === 0) continue;
      const bit = CLASS[count] ?? 0;
      const seen = this.#seen[place] ?? 0;
      if ((seen & bit) !== 0) continue;
      this.#seen[place] = seen | bit;
      added += 1;
    }
    this.#features += added;
    return added;
  }
}
