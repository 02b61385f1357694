import type { Bytes } from '@tallystick/protocol';
import { demand, LIMITS } from '@tallystick/protocol';
import type { Store } from '../store/port.ts';

const KEYS_PER_PARTY = 64;
/** Indices below are for the issuing keys of at most 64 parties. */
const FIRST_OF_PURSES = 4_096;
const LOCK = 'status-index';
const COUNTER = 'status-index/next';

/** The status index of the n-th issuing key (from 1) of the n-th party (operator 0). */
export function issuingIndex(party: number, generation: number): number {
  return party * KEYS_PER_PARTY + generation;
}

/** Takes the next free status index, never to be used again (TS-LST-1). Rejects when all are gone. */
export function takeStatusIndex(store: Pick<Store, 'exclusive'>): Promise<number> {
  return store.exclusive(LOCK, async (documents) => {
    const index = readNumber(await documents.get(COUNTER)) ?? FIRST_OF_PURSES;
    demand(index < LIMITS.listEntries, 'NEEDS_SYNC', 'the scheme has issued all its certificates');
    await documents.put(COUNTER, writeNumber(index + 1));
    return index;
  });
}

function readNumber(bytes: Bytes | null): number | null {
  return bytes === null ? null : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}

function writeNumber(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
