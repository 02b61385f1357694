/** Burns one step with each thing that happens, so that a blow can fall at an exact moment. */
export class Fuse {
  #left = 0;
  #burnt: (() => void) | null = null;

  /** Resolves after that many pulses. */
  light(pulses: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#left = pulses;
    this.#burnt = resolve;
    return promise;
  }

  /** A request set out, an answer came back, or a frame passed between devices. */
  pulse(): void {
    this.#left -= 1;
    if (this.#left > 0) return;
    this.#burnt?.();
    this.#burnt = null;
  }
}
