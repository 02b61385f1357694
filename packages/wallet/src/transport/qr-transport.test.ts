import { describe, expect, test } from 'vitest';
import { INBOX_FRAMES } from './inbox.ts';
import type { QrCode } from './qr.ts';
import { qrDuplex, qrReceiver, qrSender } from './qr-transport.ts';

const sample = (length: number, salt = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + salt) & 0xff);

/** A screen that remembers what it shows, for a camera to look at. */
class Screen {
  code: QrCode | null = null;
  readonly show = (code: QrCode | null): void => {
    this.code = code;
  };

  /** The texts a camera reads: each picture twice, and every fourth not at all. */
  pictures(): string[] {
    const code = this.code;
    if (code === null) return [];
    const indices = [...Array(code.parts * 3).keys()].filter((index) => index % 4 !== 1);
    return indices.flatMap((index) => [code.text(index), code.text(index)]);
  }
}

describe('QR one way', () => {
  test('a still and an animated frame arrive once each, however often they are scanned', async () => {
    const screen = new Screen();
    const sender = qrSender(screen.show);
    const { transport: receiver, scanned } = qrReceiver();
    expect([sender.medium, receiver.medium]).toEqual(['screen', 'screen']);
    for (const frame of [sample(300), sample(2_000), sample(300)]) {
      await sender.send(frame);
      const results = screen.pictures().map(scanned);
      expect(results.every((result) => result.ok)).toBe(true);
      expect(await receiver.receive()).toEqual(frame);
    }
    await receiver.close();
    expect(await receiver.receive()).toBeNull();
  });

  test('the sender hears nothing, the receiver shows nothing', async () => {
    const { transport: receiver } = qrReceiver();
    await expect(receiver.send(sample(1))).rejects.toThrow('only receives');
    expect(await qrSender(() => {}).receive()).toBeNull();
  });

  test('closing clears the screen once, and nothing is shown after it', async () => {
    const shown: (number | null)[] = [];
    const sender = qrSender((code) => shown.push(code === null ? null : code.parts));
    await sender.send(sample(900));
    await sender.close();
    await sender.close();
    await sender.send(sample(10));
    expect(shown).toEqual([5, null]);
  });

  test('an empty frame is the caller’s mistake', async () => {
    await expect(qrSender(() => {}).send(new Uint8Array())).rejects.toThrow(RangeError);
  });

  test('foreign codes are reported to the screen and not received', async () => {
    const { transport, scanned } = qrReceiver();
    const result = scanned('https://example.org/');
    expect(result.ok ? null : result.error.code).toBe('QR_FOREIGN');
    await transport.close();
    expect(await transport.receive()).toBeNull();
  });

  test('a frame that came while the inbox was full can be scanned again', async () => {
    const screen = new Screen();
    const sender = qrSender(screen.show);
    const { transport, scanned } = qrReceiver();
    for (let salt = 0; salt <= INBOX_FRAMES; salt++) {
      await sender.send(sample(20, salt));
      screen.pictures().forEach(scanned);
    }
    expect(await transport.receive()).toEqual(sample(20, 0));
    screen.pictures().forEach(scanned);
    for (let salt = 1; salt <= INBOX_FRAMES; salt++) {
      expect(await transport.receive()).toEqual(sample(20, salt));
    }
  });
});

describe('QR face to face', () => {
  test('a request one way, a payment back, a receipt', async () => {
    const left = new Screen();
    const right = new Screen();
    const a = qrDuplex(left.show);
    const b = qrDuplex(right.show);
    const look = (): void => {
      left.pictures().forEach(b.scanned);
      right.pictures().forEach(a.scanned);
    };
    expect([a.transport.medium, b.transport.medium]).toEqual(['screen', 'screen']);
    await a.transport.send(sample(120, 1));
    look();
    expect(await b.transport.receive()).toEqual(sample(120, 1));
    await b.transport.send(sample(1_200, 2));
    look();
    expect(await a.transport.receive()).toEqual(sample(1_200, 2));
    await a.transport.send(sample(200, 3));
    look();
    expect(await b.transport.receive()).toEqual(sample(200, 3));
    await a.transport.close();
    expect(left.code).toBeNull();
    expect(await a.transport.receive()).toBeNull();
  });
});
