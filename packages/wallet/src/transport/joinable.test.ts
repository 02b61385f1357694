import { describe, expect, test } from 'vitest';
import { joinable, memoryPair } from './index.ts';

const frame = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

describe('a contact that others join', () => {
  test('tells whoever joins how it began, and from there on the same as all', async () => {
    const screen = memoryPair();
    const contact = joinable(screen.a);
    await contact.transport.send(frame(1));
    await contact.transport.send(frame(2));
    const tap = memoryPair();
    contact.join(tap.a);
    await contact.transport.send(frame(3));
    expect(await tap.b.receive()).toEqual(frame(1));
    expect(await tap.b.receive()).toEqual(frame(3));
    for (const sent of [1, 2, 3]) expect(await screen.b.receive()).toEqual(frame(sent));
  });

  test('tells who joins before it begins nothing twice', async () => {
    const [screen, tap] = [memoryPair(), memoryPair()];
    const contact = joinable(screen.a);
    contact.join(tap.a);
    await contact.transport.send(frame(1));
    await contact.transport.send(frame(2));
    expect(await tap.b.receive()).toEqual(frame(1));
    expect(await tap.b.receive()).toEqual(frame(2));
  });

  test('reads what comes from any', async () => {
    const [screen, tap] = [memoryPair(), memoryPair()];
    const contact = joinable(screen.a);
    contact.join(tap.a);
    await tap.b.send(frame(1));
    expect(await contact.transport.receive()).toEqual(frame(1));
    await screen.b.send(frame(2));
    expect(await contact.transport.receive()).toEqual(frame(2));
  });

  test('goes on when a link that joined ends, and another may come', async () => {
    const [screen, torn, again] = [memoryPair(), memoryPair(), memoryPair()];
    const contact = joinable(screen.a);
    await contact.transport.send(frame(1));
    contact.join(torn.a);
    await torn.b.close();
    contact.join(again.a);
    expect(await again.b.receive()).toEqual(frame(1));
    await again.b.send(frame(2));
    expect(await contact.transport.receive()).toEqual(frame(2));
  });

  test('ends for all when it is closed, or when the medium ends that it began with', async () => {
    for (const end of ['close', 'medium'] as const) {
      const [screen, tap] = [memoryPair(), memoryPair()];
      const contact = joinable(screen.a);
      contact.join(tap.a);
      await (end === 'close' ? contact.transport.close() : screen.b.close());
      expect(await contact.transport.receive()).toBeNull();
      expect(await tap.b.receive()).toBeNull();
    }
  });
});
