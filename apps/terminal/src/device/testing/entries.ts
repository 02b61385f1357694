import { type Entry, KIND, STATE, WAY } from '../entry.ts';

/** A sale of 1.00 whose id is that byte all over, unless something else is said. */
export function entry(id: number, known: Partial<Entry> = {}): Entry {
  return {
    id: new Uint8Array(32).fill(id),
    kind: KIND.sale,
    way: WAY.request,
    state: STATE.taken,
    amount: 1_00n,
    at: 1_700_000_000,
    position: id,
    lines: [],
    sale: null,
    ...known,
  };
}

export function refund(id: number, { id: sale }: Entry, known: Partial<Entry> = {}): Entry {
  return entry(id, { kind: KIND.refund, sale, ...known });
}
