import { equal, GENESIS, toHex } from '@tallystick/protocol';
import type { ReadFact } from './records.ts';

/** Entries of one purse that follow each other. A log that forks has several, each on another. */
interface Line {
  /** Where it leaves another line; null where it begins a log, or after a hole. */
  readonly from: { readonly line: Line; readonly seq: number } | null;
  /** Nothing is missing below it, down to the first position. */
  readonly isComplete: boolean;
  /** Highest position on it so far. */
  top: number;
}

/** The logs of all purses, as the facts have them: entries by the head that each one states. */
export class Logs {
  readonly #byHead = new Map<string, ReadFact>();
  readonly #lines = new Map<ReadFact, Line>();

  /** Entries that have the head of another: a log has none. */
  readonly twice: readonly ReadFact[];

  constructor(facts: readonly ReadFact[]) {
    const twice: ReadFact[] = [];
    for (const each of facts) {
      if (each.fact.salt === null) continue;
      const name = each.fact.purse + each.fact.key;
      if (this.#byHead.has(name)) twice.push(each);
      else this.#byHead.set(name, each);
    }
    this.twice = twice;
  }

  /** Records from which, or through which, a log has been followed down. */
  get followed(): Iterable<ReadFact> {
    return this.#lines.keys();
  }

  /** Follows a log down from a record, as far as nothing is missing; no record is passed twice. */
  follow(from: ReadFact): Line {
    const known = this.#lines.get(from);
    if (known !== undefined) return known;
    const path: ReadFact[] = [];
    let at: ReadFact | undefined = from;
    while (at !== undefined && !this.#lines.has(at)) {
      path.push(at);
      at = this.#before(at);
    }
    const line = this.#lineAbove(at, path.at(-1) ?? from);
    for (const each of path) this.#lines.set(each, line);
    line.top = from.record.seq;
    return line;
  }

  /** Whether everything below a record is there. */
  isComplete(from: ReadFact): boolean {
    return this.follow(from).isComplete;
  }

  /** Whether an entry is in the log that ends with a record. */
  isUnder(from: ReadFact, entry: ReadFact): boolean {
    const wanted = this.follow(entry);
    let at: Line['from'] = { line: this.follow(from), seq: from.record.seq };
    while (at !== null && at.line !== wanted) at = at.line.from;
    return at !== null && entry.record.seq <= at.seq;
  }

  #before({ fact, record }: ReadFact): ReadFact | undefined {
    const below = this.#byHead.get(fact.purse + toHex(record.head));
    return below?.record.seq === record.seq - 1 ? below : undefined;
  }

  /** The line to go on with on top of a record, or from the `lowest` one where there is none below. */
  #lineAbove(below: ReadFact | undefined, lowest: ReadFact): Line {
    const line = below && this.#lines.get(below);
    if (below === undefined || line === undefined) {
      const { seq, head } = lowest.record;
      return { from: null, isComplete: seq === 1 && equal(head, GENESIS), top: seq };
    }
    const { seq } = below.record;
    if (line.top === seq) return line;
    return { from: { line, seq }, isComplete: line.isComplete, top: seq };
  }
}
