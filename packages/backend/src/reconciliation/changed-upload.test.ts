import {
  type Bytes,
  decodeEntry,
  decodeUpload,
  encodeEntry,
  encodeUpload,
} from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import { readAnswer } from './testing/purse.ts';
import { World } from './testing/world.ts';

const open = (): Promise<World> => new World(createMemoryStore()).open();

describe('an upload that somebody has changed on its way (TS-SYN-9)', () => {
  /** The statement's own entry with another salt, which nothing signs. */
  function resalted(bytes: Bytes): Bytes {
    const upload = decodeUpload(bytes);
    const own = decodeEntry(upload.entries.at(-1) ?? new Uint8Array(0));
    const changed = encodeEntry({ ...own, salt: own.salt.map((byte) => byte + 1) });
    return encodeUpload({ ...upload, entries: [...upload.entries.slice(0, -1), changed] });
  }

  test('in the salt of its statement does not break the log of an honest purse', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    alice.pay(bob, 100n);
    alice.answered((await world.take(resalted(alice.upload()))).answer);
    alice.pay(bob, 200n);
    const { refused, answer } = await world.sync(alice);
    expect(refused).toEqual([]);
    expect(readAnswer(answer).ackedTo).toBe(4);
    expect(await world.float(alice)).toBe(700n);
    expect((await world.supply()).balanced).toBe(true);
  });

  test('again and again, each time in another way, fills no storage', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    await world.load(alice, 1_000n);
    const upload = alice.upload();
    await world.take(upload);
    const before = (await world.store.reports.facts('', 100)).rows.length;
    await world.take(resalted(upload));
    await world.take(resalted(resalted(upload)));
    expect((await world.store.reports.facts('', 100)).rows).toHaveLength(before);
  });
});
