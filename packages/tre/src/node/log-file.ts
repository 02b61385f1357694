import { type Bytes, concat } from '@tallystick/protocol';
import { type Folder, isSystemError, type OpenFile } from './folder.ts';
import { encodeRecord, entryOf, type Place, scanRecords } from './log-record.ts';

export const LOG = 'log';
const NEW_LOG = 'log.new';

/** Dropped records stay in the file until they fill this much and half of it: rewriting costs too. */
export const COMPACT_ABOVE_BYTES = 65_536;

/** The append-only log file. What is staged is durable, but does not count until it is kept. */
export class LogFile {
  readonly #folder: Folder;
  readonly #compactAbove: number;
  #file: OpenFile;
  #places: Map<number, Place>;
  /** Length of the file up to the last record that counts. */
  #length: number;
  /** Bytes may follow that length. */
  #hasTail = false;
  #staged: readonly Place[] = [];

  constructor(folder: Folder, file: OpenFile, places: readonly Place[], compactAbove: number) {
    this.#folder = folder;
    this.#file = file;
    this.#places = new Map(places.map((place) => [place.seq, place]));
    this.#length = endOf(places);
    this.#compactAbove = compactAbove;
  }

  /** Position of the last entry; 0 where there is none. */
  get end(): number {
    return [...this.#places.keys()].at(-1) ?? 0;
  }

  /** Writes entries behind the last one, from this position on, and makes them durable. */
  async stage(first: number, entries: readonly Bytes[]): Promise<void> {
    if (this.#hasTail) await this.cutTail();
    if (entries.length === 0) return;
    if (first <= this.end) throw new RangeError(`position ${first} of the log is taken`);
    const records = entries.map((entry, index) => encodeRecord(first + index, entry));
    this.#hasTail = true;
    await this.#file.write(concat(...records), this.#length);
    await this.#file.sync();
    let at = this.#length;
    this.#staged = records.map(({ length }, index) => {
      const place = { seq: first + index, at, length };
      at += length;
      return place;
    });
  }

  /** What was staged counts from now on. */
  keep(): void {
    for (const place of this.#staged) this.#places.set(place.seq, place);
    this.#length = endOf([...this.#staged], this.#length);
    this.#staged = [];
    this.#hasTail = false;
  }

  /** Removes whatever follows the last record that counts. */
  async cutTail(): Promise<void> {
    this.#staged = [];
    // Not synced: what a loss of power brings back is cut again.
    await this.#file.truncate(this.#length);
    this.#hasTail = false;
  }

  /** Removes the entries after a position. */
  async truncate(end: number): Promise<void> {
    for (const [seq, { at }] of this.#places) {
      if (seq <= end) continue;
      this.#places.delete(seq);
      this.#length = Math.min(this.#length, at);
    }
    await this.cutTail();
  }

  /** An entry as it was written, or null where it is gone or was changed. */
  async entry(seq: number): Promise<Bytes | null> {
    const place = this.#places.get(seq);
    if (place === undefined) return null;
    const record = await this.#file.read(place.at, place.length);
    return record.length === place.length ? entryOf(record) : null;
  }

  /** Forgets the entries before a position, and rewrites the file once that is worth it. */
  async dropBelow(keepFrom: number): Promise<void> {
    for (const seq of this.#places.keys()) if (seq < keepFrom) this.#places.delete(seq);
    const live = [...this.#places.values()].reduce((sum, { length }) => sum + length, 0);
    const dropped = this.#length - live;
    if (dropped > this.#compactAbove && dropped > live) await this.#compact();
  }

  async #compact(): Promise<void> {
    const records: Bytes[] = [];
    for (const { at, length } of this.#places.values()) {
      records.push(await this.#file.read(at, length));
    }
    try {
      await this.#folder.write(NEW_LOG, concat(...records));
    } catch (error) {
      // Without room for a second file the first one stays as it is.
      if (isSystemError(error)) return;
      throw error;
    }
    await this.#folder.rename(NEW_LOG, LOG);
    // Before anything is appended to the new file, no loss of power may bring the old one back.
    await this.#folder.sync();
    const old = this.#file;
    this.#file = await this.#folder.open(LOG);
    await old.close();
    let at = 0;
    for (const [seq, { length }] of this.#places) {
      this.#places.set(seq, { seq, at, length });
      at += length;
    }
    this.#length = at;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/**
 * Opens the log file as far as it is committed. Entries after that were never promised to anyone and
 * are cut. If it ends earlier, somebody or something damaged it: the rest is kept aside under
 * another name, and the trusted application locks the purse when it sees the end.
 */
export async function openLog(
  folder: Folder,
  committedEnd: number,
  compactAbove: number = COMPACT_ABOVE_BYTES,
): Promise<LogFile> {
  const found = (await folder.read(LOG)) ?? new Uint8Array(0);
  const whole = scanRecords(found);
  const committed = whole.filter(({ seq }) => seq <= committedEnd);
  const isDamaged = (committed.at(-1)?.seq ?? 0) < committedEnd;
  if (isDamaged && found.length > endOf(whole)) {
    await folder.write(`log.damaged-${committedEnd}`, found);
  }
  const file = await folder.open(LOG);
  const log = new LogFile(folder, file, committed, compactAbove);
  try {
    await log.cutTail();
    return log;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function endOf(places: readonly Place[], otherwise = 0): number {
  const last = places.at(-1);
  return last === undefined ? otherwise : last.at + last.length;
}
