import { LIMITS } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { Inbox, INBOX_FRAMES } from './inbox.ts';
import { type Direction, type Fault, memoryOneWay, memoryPair } from './memory.ts';

const frame = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

describe('a pair in memory', () => {
  test('carries frames both ways in order, and ends after the last one', async () => {
    const { a, b } = memoryPair();
    await a.send(frame(1));
    await a.send(frame(2));
    await b.send(frame(3));
    await a.close();
    expect(await b.receive()).toEqual(frame(1));
    expect(await b.receive()).toEqual(frame(2));
    expect(await b.receive()).toBeNull();
    expect(await a.receive()).toEqual(frame(3));
    expect(await a.receive()).toBeNull();
  });

  test('wakes a reader who came first, and one who waits when the link ends', async () => {
    const { a, b } = memoryPair();
    const first = b.receive();
    const second = b.receive();
    await a.send(frame(1));
    await b.close();
    expect(await first).toEqual(frame(1));
    expect(await second).toBeNull();
  });

  test('delivers copies', async () => {
    const { a, b } = memoryPair(() => 'duplicate');
    const sent = frame(1);
    await a.send(sent);
    sent[0] = 9;
    const first = await b.receive();
    first?.fill(8);
    expect(await b.receive()).toEqual(frame(1));
  });

  test('loses what is sent after the end, as any medium does', async () => {
    const { a, b } = memoryPair();
    await b.close();
    await a.send(frame(1));
    expect(await b.receive()).toBeNull();
  });

  test.each([0, LIMITS.frameBytes + 1])('refuses a frame of %i bytes', async (length) => {
    const { a } = memoryPair();
    await expect(a.send(new Uint8Array(length))).rejects.toThrow(RangeError);
  });

  test('carries a frame of the largest size', async () => {
    const { a, b } = memoryPair();
    await a.send(new Uint8Array(LIMITS.frameBytes));
    expect((await b.receive())?.length).toBe(LIMITS.frameBytes);
  });

  test('keeps no more than an inbox of unread frames', async () => {
    const { a, b } = memoryPair();
    for (let count = 1; count <= INBOX_FRAMES + 5; count++) await a.send(frame(count));
    await a.close();
    let read = 0;
    while ((await b.receive()) !== null) read += 1;
    expect(read).toBe(INBOX_FRAMES);
  });
});

describe('an inbox', () => {
  test('says whether it kept a frame, and keeps none after its end', async () => {
    const inbox = new Inbox();
    expect(inbox.put(frame(1))).toBe(true);
    inbox.end();
    expect(inbox.put(frame(2))).toBe(false);
    expect(await inbox.take()).toEqual(frame(1));
    expect(await inbox.take()).toBeNull();
  });
});

describe('faults', () => {
  /** Sends 0, 1, 2, … alternately from either side, and returns what each side read. */
  async function exchange(fates: readonly Fault[]): Promise<{ a: number[]; b: number[] }> {
    const { a, b } = memoryPair((_, index) => fates[index] ?? 'deliver');
    for (const index of fates.keys()) await (index % 2 === 0 ? a : b).send(frame(index));
    await a.close();
    const read = { a: [] as number[], b: [] as number[] };
    for (let got = await a.receive(); got !== null; got = await a.receive()) read.a.push(got[0]!);
    for (let got = await b.receive(); got !== null; got = await b.receive()) read.b.push(got[0]!);
    return read;
  }

  test('drop loses one frame, duplicate repeats it, bytes replace it', async () => {
    const fates: Fault[] = ['drop', 'duplicate', frame(77), 'deliver', 'deliver'];
    expect(await exchange(fates)).toEqual({ a: [1, 1, 3], b: [77, 4] });
  });

  test.each([0, 1, 2, 3])(
    'cut at %i loses that frame and all later ones, both ways',
    async (at) => {
      const fates: Fault[] = [0, 1, 2, 3].map((index) => (index === at ? 'cut' : 'deliver'));
      const before = [0, 1, 2, 3].slice(0, at);
      expect(await exchange(fates)).toEqual({
        a: before.filter((index) => index % 2 === 1),
        b: before.filter((index) => index % 2 === 0),
      });
    },
  );

  test('the hook is not asked about frames after a cut', async () => {
    const asked: number[] = [];
    const { a, b } = memoryPair((_, index) => {
      asked.push(index);
      return 'cut';
    });
    await a.send(frame(1));
    await b.send(frame(2));
    expect(asked).toEqual([0]);
  });

  test('the hook sees a copy, a running index and the direction', async () => {
    const seen: [number, number, Direction][] = [];
    const { a, b } = memoryPair((bytes, index, direction) => {
      seen.push([bytes[0]!, index, direction]);
      bytes.fill(0);
      return 'deliver';
    });
    await a.send(frame(5));
    await b.send(frame(6));
    expect(await b.receive()).toEqual(frame(5));
    expect(seen).toEqual([
      [5, 0, 'a-to-b'],
      [6, 1, 'b-to-a'],
    ]);
  });
});

describe('one way in memory', () => {
  test('the sender hears nothing, and the receiver cannot speak', async () => {
    const { sender, receiver } = memoryOneWay();
    expect([sender.medium, receiver.medium]).toEqual(['link', 'link']);
    await sender.send(frame(1));
    expect(await sender.receive()).toBeNull();
    await expect(receiver.send(frame(2))).rejects.toThrow('only receives');
    expect(await receiver.receive()).toEqual(frame(1));
    await sender.close();
    expect(await receiver.receive()).toBeNull();
  });

  test('takes the fault hook', async () => {
    const { sender, receiver } = memoryOneWay((_, index) => (index === 0 ? 'drop' : 'deliver'));
    await sender.send(frame(1));
    await sender.send(frame(2));
    expect(await receiver.receive()).toEqual(frame(2));
  });
});
