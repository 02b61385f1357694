import type { Page } from '../store/port.ts';

/** A page of a report whose rows stand in the order of their purses. */
type ReadPage<T> = (after: string, limit: number) => Promise<Page<T>>;

interface OfPurse {
  readonly purse: string;
}

/** Reads a whole report. */
export async function readAll<T>(read: (after: string) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const page: Page<T> = await read(after);
    for (const row of page.rows) rows.push(row);
    after = page.next;
  }
  return rows;
}

/** Reads a report in volumes of at least `rows` rows, each of whole purses; the last may have fewer. */
export async function* volumes<T extends OfPurse>(
  read: ReadPage<T>,
  rows: number,
): AsyncGenerator<readonly T[]> {
  let volume: T[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const page: Page<T> = await read(after, rows);
    for (const row of page.rows) {
      if (volume.length >= rows && volume.at(-1)?.purse !== row.purse) {
        yield volume;
        volume = [];
      }
      volume.push(row);
    }
    after = page.next;
  }
  yield volume;
}

/** Reads a report on, from where it has come to. */
export class Reader<T extends OfPurse> {
  readonly #read: ReadPage<T>;
  readonly #rows: number;
  #page: Page<T> = { rows: [], next: '' };
  #at = 0;

  constructor(read: ReadPage<T>, rows: number) {
    this.#read = read;
    this.#rows = rows;
  }

  /** The rows that are left, up to those of a purse; all of them for null. */
  async upTo(purse: string | null): Promise<T[]> {
    const taken: T[] = [];
    for (let row = await this.#head(); row !== null; row = await this.#head()) {
      if (purse !== null && row.purse > purse) break;
      taken.push(row);
      this.#at += 1;
    }
    return taken;
  }

  /** The next row; null behind the last. */
  async #head(): Promise<T | null> {
    while (this.#at >= this.#page.rows.length && this.#page.next !== null) {
      this.#page = await this.#read(this.#page.next, this.#rows);
      this.#at = 0;
    }
    return this.#page.rows[this.#at] ?? null;
  }
}
