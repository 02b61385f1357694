import { seededRandom } from '@tallystick/tre';

/** Numbers that look random and depend on nothing but a seed. */
export class Chance {
  #state: number;

  constructor(seed: string) {
    this.#state = seededRandom(seed)(4).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  /** From 0 to less than 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.next();
  }

  /** About normal, with a deviation of 1: the sum of four is as good as needed, and quick. */
  normal(): number {
    return (this.next() + this.next() + this.next() + this.next() - 2) * 1.732;
  }
}
