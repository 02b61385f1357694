/** Choices drawn from a seed: the same seed gives the same inputs on every machine. */
export class Random {
  #state: Uint32Array;

  constructor(seed: number) {
    this.#state = Uint32Array.of(0x9e3779b9, seed >>> 0, 0x243f6a88, 1);
    for (let turn = 0; turn < 12; turn++) this.next();
  }

  /** A whole number from 0 to 2^32 − 1 (the generator sfc32). */
  next(): number {
    const s = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = s;
    const sum = (a + b + d) >>> 0;
    s[3] = d + 1;
    s[0] = b ^ (b >>> 9);
    s[1] = c + (c << 3);
    s[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum;
  }

  /** A whole number from 0 to `bound` − 1; 0 for a bound of 0. */
  below(bound: number): number {
    return bound <= 1 ? 0 : this.next() % bound;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of them. Throws for an empty list. */
  pick<T>(of: readonly T[]): T {
    const item = of[this.below(of.length)];
    if (item === undefined) throw new RangeError('nothing to choose from');
    return item;
  }
}
