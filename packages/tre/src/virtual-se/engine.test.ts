import type { Bytes } from '@tallystick/protocol';
import { expect, it } from 'vitest';
import { bareEngine } from './bare-engine.ts';

const ascii = (text: string): Bytes => new TextEncoder().encode(text);

it.each([16, 20, 24])(
  'a machine has no more memory than it was given, in blocks of 2^%i bytes',
  async (bits) => {
    const engine = await bareEngine(
      ascii(`var tallystick = { call: () => {
        const held = [];
        try {
          for (;;) held.push(new ArrayBuffer(1 << ${bits}));
        } catch {
          return Uint32Array.of(held.length).buffer;
        }
      } };`),
    );
    const [blocks = 0] = new Uint32Array(engine.call('call', new Uint8Array(0)).slice().buffer);
    const megabytes = (blocks * 2 ** bits) / 1_048_576;
    expect(megabytes).toBeGreaterThan(32);
    expect(megabytes).toBeLessThan(80);
    // What went over its bounds is over; the engine still answers.
    expect(engine.call('call', new Uint8Array(0)).length).toBe(4);
    engine.dispose();
  },
);
