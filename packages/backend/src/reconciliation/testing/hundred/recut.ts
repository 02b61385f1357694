import { type Bytes, encodeUpload } from '@tallystick/protocol';
import type { Dice } from '../random-history.ts';
import type { Kept } from '../purse.ts';
import type { DeviceLog } from './history.ts';

/** One upload in words: a statement, and the entries from one position to another. */
interface Cut {
  readonly statement: Kept;
  readonly from: number;
  readonly to: number;
}

/** How a log is cut: piece by piece, always from the start, overlapping, or in any pieces. */
const WAYS = ['pieces', 'prefixes', 'overlaps', 'windows'] as const;

/**
 * The same log in other uploads: every statement comes, and between them they bring some entries
 * once, some several times, and some not before {@link wholeOf} does.
 */
export function recut(log: DeviceLog, dice: Dice): readonly Bytes[] {
  const way = dice.pick(WAYS);
  const cuts: Cut[] = [];
  let before = 0;
  for (const statement of log.statements) {
    // A statement need not bring its own entry.
    const to = statement.seq - dice.roll(2);
    const anywhere = 1 + dice.roll(statement.seq);
    if (way === 'pieces') cuts.push({ statement, from: before + 1, to });
    else if (way === 'prefixes') cuts.push({ statement, from: 1, to });
    else if (way === 'overlaps') cuts.push({ statement, from: Math.min(anywhere, before + 1), to });
    else cuts.push({ statement, from: anywhere, to: anywhere + dice.roll(statement.seq) });
    before = to;
  }
  // Repeated as it was, or with other entries under the same statement.
  const again = cuts.filter(() => dice.roll(4) === 0);
  const changed = again.map((cut) => (dice.roll(2) === 0 ? cut : { ...cut, from: 1 }));
  return [...cuts, ...changed].map((cut) => uploadOf(log, cut));
}

/** Everything under the last statement. */
export function wholeOf(log: DeviceLog): Bytes {
  const statement = log.statements.at(-1);
  if (statement === undefined) throw new Error(`${log.name} never made a statement`);
  return uploadOf(log, { statement, from: 1, to: statement.seq });
}

function uploadOf({ entries }: DeviceLog, { statement, from, to }: Cut): Bytes {
  const chosen = entries.filter(({ seq }) => seq >= from && seq <= to);
  return encodeUpload({
    statement: statement.bytes,
    entries: chosen.map(({ bytes }) => bytes),
    proofs: [],
  });
}
