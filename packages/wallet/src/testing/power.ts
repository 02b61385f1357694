/** Why everything on a device stops at once. */
class PowerFailure extends Error {
  constructor() {
    super('the power failed');
  }
}

/**
 * The power of one device. Whatever it does that could be interrupted goes `through` here, and is
 * counted, so that a test can cut it at each step in turn: before the step, or right after it, when
 * it has taken effect but nobody learns of it.
 */
export class Power {
  /** Steps until the cut, or null for none. */
  stepsLeft: number | null = null;
  at: 'before' | 'after' = 'before';
  /** Steps taken so far. */
  steps = 0;
  #isOn = true;

  async through<T>(step: () => Promise<T>): Promise<T> {
    if (!this.#isOn) throw new PowerFailure();
    if (this.stepsLeft === 0) {
      this.stepsLeft = null;
      this.#isOn = false;
      if (this.at === 'after') await step();
      throw new PowerFailure();
    }
    if (this.stepsLeft !== null) this.stepsLeft -= 1;
    this.steps += 1;
    return step();
  }

  /** A step that changes nothing: it is not counted, but needs power as well. */
  async while<T>(look: () => T): Promise<T> {
    if (!this.#isOn) throw new PowerFailure();
    return look();
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Switches it on, with no cut planned. */
  restore(): void {
    this.#isOn = true;
    this.stepsLeft = null;
  }
}
