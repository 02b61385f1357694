/** Record ids by position, for each set of keys: a clone signs with the keys of its original. */
export class Positions {
  readonly #signed: Map<string, Map<number, string | Set<string>>> = new Map();

  /** A record was committed under these keys. */
  add(keys: string, seq: number, id: string): void {
    let positions = this.#signed.get(keys);
    if (positions === undefined)
      this.#signed.set(keys, (positions = new Map<number, string | Set<string>>()));
    const known = positions.get(seq);
    if (known === undefined) positions.set(seq, id);
    else if (typeof known !== 'string') known.add(id);
    else if (known !== id) positions.set(seq, new Set([known, id]));
  }

  /** Keys that signed at one position two records of which `isMeant` holds. */
  doubled(isMeant: (id: string) => boolean): readonly string[] {
    const isDoubled = (ids: string | Set<string>): boolean =>
      typeof ids !== 'string' && [...ids].filter(isMeant).length > 1;
    return [...this.#signed]
      .filter(([, positions]) => [...positions.values()].some(isDoubled))
      .map(([keys]) => keys);
  }
}
