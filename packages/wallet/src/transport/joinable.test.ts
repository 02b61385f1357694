import { describe, expect, test, vi } from 'vitest';
import { encodeQr, joinable, memoryPair, qrDuplex } from './index.ts';

const frame = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

describe('a contact that others join', () => {
  test('tells whoever joins how it began, and from there on the same as all, until one is heard', async () => {
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

  test('answers where the last frame came from, and is on its medium', async () => {
    const [screen, tap] = [qrDuplex(() => undefined), memoryPair()];
    const shown = vi.spyOn(screen.transport, 'send');
    const contact = joinable(screen.transport);
    await contact.transport.send(frame(1));
    contact.join(tap.a);
    expect(contact.transport.medium).toBe('screen');
    expect(await tap.b.receive()).toEqual(frame(1));
    await tap.b.send(frame(2));
    expect(await contact.transport.receive()).toEqual(frame(2));
    expect(contact.transport.medium).toBe('link');
    await contact.transport.send(frame(3));
    expect(await tap.b.receive()).toEqual(frame(3));
    expect(shown).toHaveBeenCalledTimes(1);
    screen.scanned(encodeQr(frame(4)).text(0));
    expect(await contact.transport.receive()).toEqual(frame(4));
    expect(contact.transport.medium).toBe('screen');
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
