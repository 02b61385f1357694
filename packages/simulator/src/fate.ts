import { type Fault, type FaultCounts, type FaultRates, noFaults } from './faults.ts';
import type { Random } from './random.ts';

/** One fault that befalls a deed: the `occasion`th time (from 0) that it could have happened there. */
export interface Mishap {
  readonly fault: Fault;
  /** What it befalls: a device by name, a direction of a link, or the backend. */
  readonly where: string;
  readonly occasion: number;
  /** How bad it is, in the fault's own unit; 0 for one that has no degrees. */
  readonly extent: number;
}

/** Decides one occasion: the extent of the fault, or null when nothing happens. */
type Decide = (fault: Fault, where: string, occasion: number, below: number) => number | null;

/**
 * What goes wrong in one deed. Chance decides it in a world that is run for the first time; in one
 * that is run again it is the list that was written down then. Occasions are counted for each deed, so
 * that a fault stays where it was when other deeds are left out.
 */
export class Fate {
  /** What went wrong so far. */
  readonly mishaps: Mishap[] = [];
  readonly #decide: Decide;
  readonly #counts: FaultCounts;
  readonly #occasions: Map<string, number> = new Map();

  constructor(counts: FaultCounts, decide: Decide) {
    this.#counts = counts;
    this.#decide = decide;
  }

  /** Whether this fault happens now; counts it if it does. */
  strikes(fault: Fault, where: string): boolean {
    return this.extent(fault, where, 1) !== null;
  }

  /** How bad the fault is that happens now, below a bound; null when it does not happen. */
  extent(fault: Fault, where: string, below: number): number | null {
    const extent = this.draw(fault, where, below);
    if (extent !== null) this.#counts[fault]++;
    return extent;
  }

  /** As {@link extent}, of a fault that only counts once it has had its effect. */
  draw(fault: Fault, where: string, below: number): number | null {
    const place = `${fault}@${where}`;
    const occasion = this.#occasions.get(place) ?? 0;
    this.#occasions.set(place, occasion + 1);
    const extent = this.#decide(fault, where, occasion, below);
    if (extent !== null) this.mishaps.push({ fault, where, occasion, extent });
    return extent;
  }

  /** How often each fault could have happened at each place, so far. */
  occasions(): ReadonlyMap<string, number> {
    return this.#occasions;
  }
}

/** Nothing goes wrong. */
export function calmFate(): Fate {
  return new Fate(noFaults(), () => null);
}

/** Chance decides, at the rates of the moment. */
export function byChance(random: Random, rates: () => FaultRates): Decide {
  return (fault, _where, _occasion, below) => {
    const rate = rates()[fault];
    if (rate === 0 || !random.perMille(rate)) return null;
    return below > 1 ? random.int(below) : 0;
  };
}

/** Exactly these happen. */
export function asWritten(mishaps: readonly Mishap[]): Decide {
  const extents = new Map(
    mishaps.map(({ fault, where, occasion, extent }) => [`${fault}@${where}#${occasion}`, extent]),
  );
  return (fault, where, occasion) => extents.get(`${fault}@${where}#${occasion}`) ?? null;
}
