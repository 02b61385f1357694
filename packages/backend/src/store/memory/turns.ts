/** Locks by name: whoever asks for one waits for all who asked before. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` while it holds every name, whatever becomes of those who went before. */
  async take<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = names.flatMap((name) => this.#last.get(name) ?? []);
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    // All names are taken at once, so that two that want the same ones cannot wait in a circle.
    for (const name of names) this.#last.set(name, ended);
    try {
      await Promise.all(before);
      return await work();
    } finally {
      end();
      for (const name of names) if (this.#last.get(name) === ended) this.#last.delete(name);
    }
  }
}
