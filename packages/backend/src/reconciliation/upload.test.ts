import {
  adopt,
  decodeUpload,
  encodeUpload,
  LIMITS,
  type Upload,
  type Bytes,
  encodePaymentEvidence,
  decodeEntry,
  encodeEntry,
} from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import { ingest, ingestMany } from './ingest.ts';
import { evidenceOf, readAnswer } from './testing/purse.ts';
import { states } from './testing/states.ts';
import { World } from './testing/world.ts';

const open = (): Promise<World> => new World(createMemoryStore()).open();

function edited(bytes: Bytes, change: (upload: Upload) => Partial<Upload>): Bytes {
  const upload = decodeUpload(bytes);
  return encodeUpload({ ...upload, ...change(upload) });
}

/** Changes one entry of an upload. */
function withEntry(bytes: Bytes, index: number, change: (entry: Bytes) => Bytes): Bytes {
  return edited(bytes, ({ entries }) => ({
    entries: entries.map((entry, at) => (at === index ? change(entry) : entry)),
  }));
}

function flipped(bytes: Bytes, at: number): Bytes {
  return bytes.map((byte, index) =>
    index === (at + bytes.length) % bytes.length ? byte ^ 1 : byte,
  );
}

describe('an upload (TS-SYN-2)', () => {
  test('is acknowledged to its statement, whose answer tells epoch and time', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    await world.load(alice, 1_000n);
    world.now += 60;
    const { answer, refused } = await world.take(alice.upload());
    expect(refused).toEqual([]);
    expect(readAnswer(answer)).toMatchObject({
      ackedTo: 1,
      epoch: 1,
      time: world.now,
      settled: [],
    });
  });

  test('gets the same answer again when the reply was lost, and changes nothing', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    bob.accept(alice.pay(bob, 300n));
    for (const upload of [alice.upload(), bob.upload()]) {
      const first = await world.take(upload);
      world.now += 60;
      const second = await world.take(upload);
      expect(second.answer).toEqual(first.answer);
    }
    expect(await world.float(alice)).toBe(700n);
    expect(await world.float(bob)).toBe(300n);
    expect((await world.row(alice)).epoch).toBe(1);
  });

  test('that comes several times at once is verified and taken in once', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    bob.accept(alice.pay(bob, 300n));
    const [upload, other] = [alice.upload(), bob.upload()];
    const bad = flipped(upload, -1);
    let checks = 0;
    const context = {
      ...world.context,
      verifyMany: (all: Parameters<typeof world.context.verifyMany>[0]) => {
        checks += all.length;
        return world.context.verifyMany(all);
      },
    };
    const outcomes = await ingestMany([upload, bad, other, upload, bad, upload], context);
    await world.settle();
    const answers = outcomes.map((each) => (each.ok ? each.value.answer : each.error.code));
    expect(answers[3]).toEqual(answers[0]);
    expect(answers[5]).toEqual(answers[0]);
    expect(answers[4]).toBe(answers[1]);
    expect(answers[1]).toMatch(/^[A-Z_]+$/);
    // Both statements, and the payment in bob's evidence, which no head covers yet.
    expect(checks).toBe(3);
    expect((await world.row(alice)).epoch).toBe(1);
    expect([await world.float(alice), await world.float(bob)]).toEqual([700n, 300n]);
  });

  test('may come again inside a longer one', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    const lost = alice.upload();
    bob.accept(alice.pay(bob, 300n));
    const longer = alice.upload();
    for (const upload of [longer, lost, longer, bob.upload()]) await world.take(upload);
    expect(await world.float(alice)).toBe(700n);
    expect(await world.float(bob)).toBe(300n);
    expect(await world.row(alice)).toMatchObject({ provenSeq: 3, rolledBack: false });
  });

  test('tells the payer which of its payments have arrived, until it has heard', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    const handed = alice.pay(bob, 300n);
    bob.accept(handed);
    const settled = async (): Promise<number> =>
      readAnswer((await world.take(alice.upload())).answer).settled.length;
    expect(await settled()).toBe(0);
    await world.sync(bob);
    expect(await settled()).toBe(1);
    expect(await settled()).toBe(1);
    await world.sync(alice);
    expect(await settled()).toBe(0);
  });

  test.each([
    ['no upload', () => Uint8Array.of(0x80), 'MISSING_FIELD'],
    ['one with more behind', (bytes: Bytes) => Uint8Array.of(...bytes, 0), 'TRAILING_BYTES'],
    [
      'one whose statement is changed',
      (bytes: Bytes) => edited(bytes, ({ statement }) => ({ statement: flipped(statement, -1) })),
      'BAD_SIGNATURE',
    ],
    [
      'one of an unknown key',
      (bytes: Bytes) => edited(bytes, ({ statement }) => ({ statement: flipped(statement, 10) })),
      'UNKNOWN_CERTIFICATE',
    ],
  ])('that is %s is refused as a whole', async (_name, change, code) => {
    const world = await open();
    const alice = await world.enrol('alice');
    await world.load(alice, 1_000n);
    const outcome = await ingest(change(alice.upload()), world.context);
    expect(outcome).toMatchObject({ ok: false, error: { code } });
    expect(await world.float(alice)).toBe(0n);
    expect((await world.store.reports.facts('', 10)).rows).toEqual([]);
  });

  test('of an issuing key is refused', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    const { issuing, issuingKey } = world.scheme.party('ALFA');
    alice.certificate = issuing;
    alice.key = issuingKey;
    const outcome = await ingest(alice.upload(), world.context);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'WRONG_ROLE' } });
  });
});

describe('an upload with a bad record', () => {
  /** Entries 1 to 7: load, pay 100, pay 200, accept 50, pay 300, accept 60, statement. */
  async function busy(world: World) {
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(bob, 1_000n);
    await world.load(alice, 1_000n);
    alice.pay(bob, 100n);
    alice.pay(bob, 200n);
    const fromBob = [bob.pay(alice, 50n), bob.pay(alice, 60n)];
    alice.accept(fromBob[0]!);
    alice.pay(bob, 300n);
    alice.accept(fromBob[1]!);
    return { alice, bob, fromBob, upload: alice.upload() };
  }

  test.each([
    ['is no entry', 3, () => Uint8Array.of(0x80), 'MISSING_FIELD'],
    ['is cut short', 3, (entry: Bytes) => entry.slice(0, -1), 'MALFORMED'],
    ['has another salt', 2, (entry: Bytes) => flipped(entry, -2), 'BAD_SIGNATURE'],
    ['has a bad payment as evidence', 3, (entry: Bytes) => flipped(entry, -40), 'BAD_SIGNATURE'],
    [
      'lacks its evidence',
      3,
      (entry: Bytes) => encodeEntry({ ...decodeEntry(entry), evidence: null }),
      'MISSING_FIELD',
    ],
  ])('that %s keeps the good ones and names the bad one', async (_name, index, change, code) => {
    const world = await open();
    const { alice, upload } = await busy(world);
    const { refused, answer } = await world.take(withEntry(upload, index, change));
    expect(refused).toEqual([{ index, code }]);
    // What comes after the bad one is proven by the signed head; the purse keeps the rest.
    expect(readAnswer(answer).ackedTo).toBeLessThanOrEqual(index);
    const kept = await world.store.reports.facts('', 100);
    expect(kept.rows.length).toBeGreaterThanOrEqual(6 - index);
    expect((await world.supply()).balanced).toBe(true);

    alice.answered(answer);
    const again = await world.sync(alice);
    expect(again.refused).toEqual([]);
    expect(readAnswer(again.answer).ackedTo).toBe(7);
    expect(await world.float(alice)).toBe(1_000n - 600n + 110n);
    // Alice's first seven, the signatures of her two statements, and Bob's two payments that she brought.
    expect((await world.store.reports.facts('', 100)).rows).toHaveLength(11);
  });

  test('credits the receipts above the bad one at once', async () => {
    const world = await open();
    const { alice, fromBob, upload } = await busy(world);
    await world.take(withEntry(upload, 4, () => Uint8Array.of(0x80)));
    expect(await states(world, fromBob[1]!)).toEqual(['accepted', 'accepted']);
    expect(await world.float(alice)).toBe(60n);
    expect(await world.row(alice)).toMatchObject({ standing: 'sound', provenSeq: 0 });
  });

  test('waits for what only the missing entry connects, and needs it alone', async () => {
    const world = await open();
    const { alice, upload } = await busy(world);
    await world.take(withEntry(upload, 4, () => Uint8Array.of(0x80)));
    const only = edited(upload, ({ entries }) => ({ entries: entries.slice(4, 5) }));
    const { refused } = await world.take(only);
    expect(refused).toEqual([]);
    expect(await world.float(alice)).toBe(1_000n - 600n + 110n);
    expect(await world.row(alice)).toMatchObject({ provenSeq: 6 });
  });

  test('never lets a head vouch for another purse: a foreign record counts for nothing', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(bob, 1_000n);
    await world.sync(bob);
    // Alice writes a payment by Bob into her own log.
    const own = alice.certificate;
    alice.certificate = bob.certificate;
    const forged = alice.pay(alice, 900n);
    alice.certificate = own;
    const { refused, answer } = await world.sync(alice);
    expect(refused).toEqual([{ index: 0, code: 'WRONG_KEY' }]);
    expect(readAnswer(answer).ackedTo).toBe(0);
    expect(await world.float(bob)).toBe(1_000n);

    alice.accept(forged);
    expect((await world.sync(alice)).refused).toContainEqual({ index: 2, code: 'BAD_SIGNATURE' });
    expect(await world.float(alice)).toBe(0n);
    expect(await states(world, forged)).toEqual([null, null]);
  });

  test('keeps a receipt whose payment does not verify as a claim, until its payer brings it', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    const handed = alice.pay(bob, 300n);
    bob.accept({ ...handed, wire: flipped(handed.wire, -1) });
    const { refused, answer } = await world.sync(bob);
    expect(refused).toEqual([{ index: 0, code: 'BAD_SIGNATURE' }]);
    expect(readAnswer(answer).ackedTo).toBe(0);
    expect(await world.float(bob)).toBe(0n);

    await world.sync(alice);
    expect(await world.float(bob)).toBe(300n);
    expect(await states(world, handed)).toEqual(['accepted', 'accepted']);
  });

  test('bounds what is kept for later', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    for (let count = 0; count < 300; count++) alice.adopt({});
    const upload = edited(alice.upload(), ({ entries }) => ({
      entries: entries.filter((_, index) => index !== 299),
    }));
    const { refused, answer } = await world.take(upload);
    expect(refused).toEqual([]);
    expect(readAnswer(answer).ackedTo).toBe(0);
    const { claims } = await world.store.transaction([alice.id], (tx) =>
      tx.read(alice.id, { claims: true }),
    );
    expect(claims).toHaveLength(256);
    expect(300).toBeLessThan(LIMITS.logEntries);
    await world.sync(alice);
    expect(await world.row(alice)).toMatchObject({ provenSeq: 301 });
    const after = await world.store.transaction([alice.id], (tx) =>
      tx.read(alice.id, { claims: true, gaps: true }),
    );
    expect(after).toMatchObject({ claims: [], gaps: [] });
  });

  test('refuses external data where a record has none', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    const [place, policyVersion] = [{ seq: 1, head: alice.head }, 1];
    const record = adopt.encode({ ...place, policyVersion, listVersion: 1, floor: world.now });
    alice.append(record, null, new Uint8Array(32));
    expect((await world.sync(alice)).refused).toEqual([{ index: 0, code: 'BAD_FIELD' }]);
  });

  test('refuses evidence of another payment', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    const [one, other] = [alice.pay(bob, 300n), alice.pay(bob, 400n)];
    bob.accept(one);
    const upload = withEntry(bob.upload(), 0, (entry) =>
      encodeEntry({ ...decodeEntry(entry), evidence: encodePaymentEvidence(evidenceOf(other)) }),
    );
    expect((await world.take(upload)).refused).toEqual([{ index: 0, code: 'BAD_FIELD' }]);
  });
});

describe('epochs (TS-SYN-6)', () => {
  test('show a purse that was rolled back, which is no guilt by itself', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    await world.sync(alice);
    const backup = alice.copy();
    await world.sync(alice);
    expect((await world.row(alice)).rolledBack).toBe(false);
    await world.sync(alice);
    backup.seq = alice.seq;
    backup.head = alice.head;
    await world.take(backup.upload());
    expect(await world.row(alice)).toMatchObject({ rolledBack: true, standing: 'sound' });
  });
});

describe('a renewal (rule 8)', () => {
  test('goes on numbering, and the new key covers the log', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    await world.renew(alice, 'alice again');
    const handed = alice.pay(bob, 300n);
    bob.accept(handed);
    await world.sync(bob);
    const { answer, refused } = await world.sync(alice);
    expect(refused).toEqual([]);
    expect(readAnswer(answer).ackedTo).toBe(3);
    expect(await world.float(alice)).toBe(700n);
    expect(await states(world, handed)).toEqual(['accepted', 'accepted']);
  });

  test('covers no entry that the new key signed at an earlier position', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    const early = alice.copy();
    await world.load(alice, 1_000n);
    await world.renew(alice, 'alice again');
    early.key = alice.key;
    early.certificate = alice.certificate;
    early.adopt({});
    early.adopt({});
    expect((await world.take(early.upload())).refused).toEqual([
      { index: 0, code: 'WRONG_KEY' },
      { index: 1, code: 'WRONG_KEY' },
    ]);
  });

  test('gives the new key no say over earlier positions', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    const early = alice.copy();
    await world.load(alice, 1_000n);
    await world.renew(alice, 'alice again');
    early.key = alice.key;
    early.certificate = alice.certificate;
    const outcome = await ingest(early.upload(), world.context);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'WRONG_KEY' } });
  });
});
