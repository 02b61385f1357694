import { decimal } from '@tallystick/kit/money';
import { type Currency, currencyRow, toHex } from '@tallystick/protocol';
import { changeOf, type Entry, KIND, STATE, WAY } from './entry.ts';

export interface Lane {
  readonly shop: string;
  readonly lane: string;
  readonly currency: Currency;
}

const COLUMNS = [
  'time',
  'shop',
  'lane',
  'kind',
  'amount',
  'currency',
  'state',
  'by',
  'payment',
  'refund_of',
];
const STATES = {
  [STATE.taken]: 'outstanding',
  [STATE.settled]: 'settled',
  [STATE.inDoubt]: 'in-doubt',
  [STATE.cameBack]: 'came-back',
} as const;

/** Entries as comma-separated values (RFC 4180), the oldest first, for programs that keep books: it has no language. */
export function csvOf(entries: readonly Entry[], lane: Lane): string {
  const rows = entries.toReversed().map((entry) => rowOf(entry, lane));
  return [COLUMNS, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function rowOf(entry: Entry, { shop, lane, currency }: Lane): readonly string[] {
  const { at, kind, state, way, id, sale } = entry;
  return [
    new Date(at * 1_000).toISOString(),
    harmless(shop),
    harmless(lane),
    kind === KIND.sale ? 'sale' : 'refund',
    decimal(changeOf(entry), currency),
    currencyRow(currency).alpha,
    STATES[state],
    way === WAY.counter ? 'counter-code' : 'request',
    toHex(id),
    sale === null ? '' : toHex(sale),
  ];
}

/** A name that a spreadsheet would take for a formula is text. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
