import type { Bulk } from '@tallystick/backend/bulk';
import type { Bytes } from '@tallystick/protocol';
import { liveHeapBytes } from '../heap.ts';
import { type Lab, type StoredOffice, withOffice } from '../lab.ts';
import { valueOf } from '../office.ts';
import { WrittenPurse } from '../settle/written-purse.ts';
import { relationBytes } from './relations.ts';

/** What one purse more takes that is enrolled, loaded once and has synced once. */
export interface Stored {
  /** Tables and their indexes. */
  readonly databaseBytes: number;
  /** The thread that serves requests. */
  readonly heapBytes: number;
  /** Its certificate, its load, what it uploaded, and the answer. */
  readonly messageBytes: number;
}

const AMOUNT = 1_000n;
/** Syncs on their way at once. */
const AT_ONCE = 64;

/** Measures a backend of its own, with nothing else in it, at two sizes. */
export async function measureStored({ scale, begin, clock }: Lab): Promise<Stored> {
  const [few, many] = scale.storedPurses;
  return withOffice(clock, async (office) => {
    begin(`storing ${few} purses`);
    await addPurses(office, few);
    const before = await taken(office);
    begin(`storing ${many} purses`);
    const messages = await addPurses(office, many - few);
    const after = await taken(office);
    const more = many - few;
    return {
      databaseBytes: (after.database - before.database) / more,
      // What is lost in the noise of collecting garbage is nothing.
      heapBytes: Math.max(0, after.heap - before.heap) / more,
      messageBytes: messages / more,
    };
  });
}

async function taken({ databaseUrl }: StoredOffice): Promise<{ database: number; heap: number }> {
  return { database: await relationBytes(databaseUrl), heap: liveHeapBytes() };
}

/** Adds purses, and says how many bytes of messages were exchanged about them. */
async function addPurses(office: StoredOffice, count: number): Promise<number> {
  let bytes = 0;
  const weigh = (...messages: readonly Bytes[]): void => {
    for (const { length } of messages) bytes += length;
  };
  const bulk: Bulk = {
    openPurses: async (keys) => {
      const certificates = await office.bulk.openPurses(keys);
      weigh(...certificates);
      return certificates;
    },
    // A load travels in the upload of its purse.
    loadPurses: (loads, amount) => office.bulk.loadPurses(loads, amount),
  };
  const purses = await WrittenPurse.openMany({ ...office, bulk }, count, AMOUNT);
  for (let at = 0; at < count; at += AT_ONCE) {
    const syncs = purses.slice(at, at + AT_ONCE).map(async (purse) => {
      const upload = purse.upload();
      weigh(upload, valueOf(await office.backend.sync(upload)));
    });
    await Promise.all(syncs);
  }
  await office.backend.drain();
  return bytes;
}
