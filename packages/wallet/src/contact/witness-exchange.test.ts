import {
  type Bytes,
  decodeFrame,
  encodeFrame,
  type Frame,
  LIMITS,
  placeDigest,
  toHex,
  witnessesIn,
  witnessOf,
  witnessSalt,
  witnessSet,
} from '@tallystick/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../session/parts.ts';
import { answerDoubts } from '../session/payee.ts';
import { Forked } from '../testing/forked.ts';
import { memoryPair } from '../transport/index.ts';

const kinds = (frames: readonly Frame[]): number[] => frames.map(({ kind }) => kind);
const PAID = { ok: true, value: { state: 'paid' } };
const REVOKED = { ok: true, value: { state: 'takenBack', cause: { reason: 'REVOKED' } } };

let street: Forked;
let baker: Parts;
let kiosk: Parts;
let eve: Parts;

beforeEach(async () => {
  street = new Forked();
  [baker, kiosk, eve] = [
    await street.join('baker'),
    await street.join('kiosk'),
    await street.join('eve'),
  ];
});

/** Eve pays the baker, puts her purse back, and pays the kiosk from the same position. */
async function spendTwice(): Promise<Parts> {
  const copy = street.copy('eve', 'eve before');
  expect(await street.pay(eve, baker)).toMatchObject(PAID);
  expect(await street.pay(copy, kiosk, 20n)).toMatchObject(PAID);
  return copy;
}

const proofs = async ({ shelves }: Parts): Promise<number> =>
  (await shelves.proofs.toUpload()).length;

describe('two shops that one rolled-back purse has paid (TS-WIT-2 to 4)', () => {
  test('find out when they meet, and refuse it from then on, as does whom they meet', async () => {
    const copy = await spendTwice();
    const frames = await street.meet(baker, kiosk);
    // Opening (and how new a list is), set, question, payment, proof: the kiosk remembers nobody else.
    expect(kinds(frames)).toEqual([10, 8, 10, 11, 12, 7]);
    expect([await proofs(baker), await proofs(kiosk)]).toEqual([1, 1]);
    for (const shop of [baker, kiosk]) {
      expect(await street.pay(eve, shop)).toMatchObject(REVOKED);
      expect(await street.pay(copy, shop)).toMatchObject(REVOKED);
    }
    const florist = await street.join('florist');
    await street.meet(kiosk, florist);
    expect(await proofs(florist)).toBe(1);
    expect(await street.pay(copy, florist)).toMatchObject(REVOKED);
  });

  test('find out when the one pays the other, after the money', async () => {
    await spendTwice();
    expect(await street.pay(kiosk, baker)).toMatchObject(PAID);
    expect([await proofs(baker), await proofs(kiosk)]).toEqual([1, 1]);
  });

  test('find out after both were switched off and on', async () => {
    await spendTwice();
    for (const label of ['baker', 'kiosk']) street.devices.get(label)?.restart();
    [baker, kiosk] = [street.open('baker'), street.open('kiosk')];
    await street.meet(kiosk, baker);
    expect([await proofs(baker), await proofs(kiosk)]).toEqual([1, 1]);
  });

  test('find nothing once the purse can pay nobody any more (TS-WIT-7)', async () => {
    await spendTwice();
    const status = await baker.purse.status();
    const [seen] = await baker.shelves.witness.newestFirst();
    if (!status.ok || seen === undefined) throw new Error('nothing is remembered');
    for (const shop of [baker, kiosk]) await shop.shelves.witness.forget(seen.expires - 1);
    expect(await baker.shelves.witness.newestFirst()).toHaveLength(1);
    for (const shop of [baker, kiosk]) await shop.shelves.witness.forget(seen.expires);
    expect(kinds(await street.meet(baker, kiosk))).toEqual([8]);
    expect([await proofs(baker), await proofs(kiosk)]).toEqual([0, 0]);
  });

  test('tell nothing where no salt can be drawn', async () => {
    await spendTwice();
    const device = street.devices.get('kiosk');
    if (device === undefined) throw new Error('no kiosk');
    const quiet = street.world.parts(device);
    expect(kinds(await street.meet(baker, quiet))).toEqual([8]);
    expect(kinds(await street.meet(quiet, baker))).toEqual([10, 8]);
    expect([await proofs(baker), await proofs(quiet)]).toEqual([0, 0]);
  });
});

describe('honest payers', () => {
  test('are accused of nothing, however often they paid, tried again, and where', async () => {
    const dan = await street.join('dan');
    for (const shop of [baker, kiosk, baker, kiosk, kiosk]) {
      expect(await street.pay(dan, shop, 1n)).toMatchObject(PAID);
    }
    const frames = await street.meet(baker, kiosk);
    expect(kinds(frames)).toEqual([10, 8, 10, 10]);
    expect(await street.pay(dan, baker, 1n)).toMatchObject(PAID);
  });

  test('whose payment two devices of one shop remember are not either', async () => {
    expect(await street.pay(eve, baker)).toMatchObject(PAID);
    const twin = street.copy('baker', 'second till');
    expect(kinds(await street.meet(baker, twin))).toEqual([10, 8, 10, 10]);
    expect(await proofs(baker)).toBe(0);
  });
});

/** A peer that says what it likes to whoever answers. */
async function facing(
  host: Parts,
  say: (opening: Bytes, send: (frame: Frame) => Promise<void>) => Promise<void>,
): Promise<Frame[]> {
  const heard: Frame[] = [];
  const { a, b } = memoryPair();
  const answered = answerDoubts(host, b);
  const talk = async (): Promise<void> => {
    const first = await a.receive();
    const opening = first === null ? null : decodeFrame(first);
    if (opening?.kind !== 10) throw new Error('it does not open');
    await say(opening.nonce, (frame) => a.send(encodeFrame(frame)));
    for (;;) {
      const next = await Promise.race([
        a.receive(),
        street.world.timer.after(10).rang.then(() => null),
      ]);
      if (next === null) break;
      heard.push(decodeFrame(next));
    }
    await a.close();
  };
  await street.world.timer.run(Promise.all([talk(), answered]));
  return heard;
}

describe('a hostile peer (TS-WIT-5)', () => {
  const nonce = new Uint8Array(16).fill(7);

  async function target(): Promise<{ kid: Bytes; seq: number; id: Bytes }> {
    const [seen] = await baker.shelves.witness.newestFirst();
    if (seen === undefined) throw new Error('nothing is remembered');
    return seen;
  }

  test('that asks for what was not told, or does not know its place, gets nothing', async () => {
    await spendTwice();
    const seen = await target();
    const heard = await facing(baker, async (theirs, send) => {
      const salt = witnessSalt(nonce, theirs);
      // Before any set was told.
      await send({ kind: 11, place: placeDigest(salt, seen) });
      const set = witnessOf(salt, placeDigest(salt, { kid: seen.kid, seq: 999 }), seen.id);
      await send({ kind: 10, nonce, set });
      const guess = placeDigest(salt, seen);
      guess[15] = (guess[15] ?? 0) ^ 1;
      await send({ kind: 11, place: guess });
      await send({ kind: 11, place: placeDigest(salt, { kid: seen.kid, seq: seen.seq + 1 }) });
    });
    expect(kinds(heard)).toEqual([10]);
  });

  test('that knows the places is shown two payments in a contact, each once', async () => {
    for (const name of ['fay', 'gus', 'hal']) {
      expect(await street.pay(await street.join(name), baker)).toMatchObject(PAID);
    }
    const all = await baker.shelves.witness.newestFirst();
    const heard = await facing(baker, async (theirs, send) => {
      const salt = witnessSalt(nonce, theirs);
      await send({ kind: 10, nonce, set: new Uint8Array(6) });
      for (const seen of [...all, ...all]) {
        await send({ kind: 11, place: placeDigest(salt, seen) });
      }
    });
    expect(kinds(heard)).toEqual([10, 12, 12]);
  });

  test('that makes places up is asked twice at most, and proves nothing', async () => {
    for (const name of ['fay', 'gus', 'hal']) {
      expect(await street.pay(await street.join(name), baker)).toMatchObject(PAID);
    }
    const all = await baker.shelves.witness.newestFirst();
    const before = street.devices.get('baker')?.keep().disk.state;
    const heard = await facing(baker, async (theirs, send) => {
      const salt = witnessSalt(nonce, theirs);
      const lies = all.map((seen) => witnessOf(salt, placeDigest(salt, seen), nonce));
      await send({ kind: 10, nonce, set: witnessSet(lies) });
      // Its own payment, a broken one, and bytes: nobody is convicted by any of them.
      for (const { exhibit } of all) {
        await send({ kind: 12, exhibit });
        const record = exhibit.record.slice();
        record[record.length - 1] = (record.at(-1) ?? 0) ^ 1;
        await send({ kind: 12, exhibit: { ...exhibit, record } });
      }
      await send({ kind: 12, exhibit: { external: nonce, record: nonce } });
    });
    expect(kinds(heard)).toEqual([11, 11, 10]);
    expect(await proofs(baker)).toBe(0);
    expect(street.devices.get('baker')?.keep().disk.state).toEqual(before);
  });

  test('that floods sets, with replayed or changing nonces, has one compared', async () => {
    await spendTwice();
    const seen = await target();
    const heard = await facing(baker, async (theirs, send) => {
      // Its own nonce back is nobody's.
      await send({ kind: 10, nonce: theirs, set: new Uint8Array(6) });
      const salt = witnessSalt(nonce, theirs);
      const lie = witnessOf(salt, placeDigest(salt, seen), nonce);
      await send({ kind: 10, nonce, set: new Uint8Array(0) });
      await send({ kind: 10, nonce: new Uint8Array(16), set: lie });
      await send({ kind: 10, nonce, set: witnessOf(salt, placeDigest(salt, seen), seen.id) });
      for (let each = 0; each < 30; each++) await send({ kind: 10, nonce, set: lie });
    });
    expect(kinds(heard)).toEqual([10]);
  });
});

test('a full memory tells the newest that fit, and two contacts share no byte of it', async () => {
  expect(await street.pay(eve, baker)).toMatchObject(PAID);
  const { witness } = baker.shelves;
  const [seen] = await witness.newestFirst();
  if (seen === undefined) throw new Error('nothing is remembered');
  const full = Array.from({ length: LIMITS.witnesses }, (_, seq) => ({ ...seen, seq: seq + 1 }));
  witness.newestFirst = async () => full;
  const sets: string[][] = [];
  for (const visitor of ['kiosk', 'eve']) {
    const frames = await street.meet(baker, street.open(visitor));
    expect(kinds(frames)).toEqual([8]);
    const heard = await facing(baker, (_, send) =>
      send({ kind: 10, nonce: new Uint8Array(16), set: new Uint8Array(6) }),
    );
    const told = heard.find((frame) => frame.kind === 10);
    if (told?.kind !== 10) throw new Error('it tells nothing');
    expect(told.set).toHaveLength(LIMITS.witnessSetBytes);
    sets.push(witnessesIn(told.set).map(toHex));
  }
  const [one = [], other = []] = sets;
  expect(one.filter((each) => other.includes(each))).toEqual([]);
});
