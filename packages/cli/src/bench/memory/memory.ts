import type { Group } from '../group.ts';
import { type Row, row } from '../row.ts';
import { measureStored } from './stored.ts';
import { measureSimulated } from './simulated.ts';

const PER_MILLION_GB = 1e-3;

/**
 * What a purse takes in memory: the slope between two numbers of purses, and a million times that.
 * The database is held against the bytes of the signed messages that it keeps of a purse.
 */
export const MEMORY: Group = {
  name: 'memory',
  rows: ['backend/database', 'backend/heap', 'simulator/heap'].flatMap((each) => [
    each,
    `${each}/million-extrapolated`,
  ]),
  measure: async (lab) => {
    const stored = await measureStored(lab);
    const simulated = await measureSimulated(lab);
    return [
      ...slope('backend/database', stored.databaseBytes, stored.messageBytes),
      ...slope('backend/heap', stored.heapBytes, null),
      ...slope('simulator/heap', simulated, null),
    ];
  },
};

/** Bytes a purse, and what a million of them would take if each took as much. */
function slope(name: string, bytes: number, limit: number | null): Row[] {
  const million = limit === null ? null : limit * PER_MILLION_GB;
  return [
    row(`memory/${name}`, bytes, 'B/purse', limit),
    row(`memory/${name}/million-extrapolated`, bytes * PER_MILLION_GB, 'GB', million),
  ];
}
