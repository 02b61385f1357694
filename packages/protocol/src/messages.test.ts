import { describe, expect, test } from 'vitest';
import { toHex } from './bytes.ts';
import { attempt } from './result.ts';
import { READERS } from './vectors/readers.ts';
import { everyMessage } from './vectors/everything.ts';

const NO_DATA = new Uint8Array(0);

/** Every message kind with one valid example, so that a new kind cannot be forgotten. */
test('there is an example of each kind of message', () => {
  const kinds = new Set(everyMessage.map(({ name }) => name));
  expect([...kinds].toSorted()).toEqual(Object.keys(READERS).toSorted());
});

describe.each(everyMessage.map((each) => [each.name, each] as const))('%s', (name, example) => {
  const { bytes, external = NO_DATA } = example;
  const reader = READERS[name];
  /** Reads, and if it could be read, writes again; null for what is refused. */
  const through = (input: Uint8Array): string | null => {
    const outcome = attempt(() => reader.read(input, external));
    return outcome.ok ? toHex(reader.write(outcome.value)) : null;
  };

  test('is written as it was read', () => {
    expect(through(bytes)).toBe(toHex(bytes));
  });

  test('with any one byte changed is refused, or is another canonical message', () => {
    const wrong: number[] = [];
    const input = bytes.slice();
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      for (const flip of [0x01, 0x20, 0x80, 0xff, byte, byte ^ 0xff]) {
        if (flip === 0) continue;
        input[at] = byte ^ flip;
        const written = through(input);
        if (written !== null && written !== toHex(input)) wrong.push(at);
      }
      input[at] = byte;
    }
    expect(wrong).toEqual([]);
  });

  test('cut short anywhere is refused', () => {
    const read = Array.from({ length: bytes.length }, (_, length) =>
      through(bytes.subarray(0, length)),
    );
    expect(read.every((each) => each === null)).toBe(true);
  });

  test('with a byte more, in front or behind, is refused', () => {
    for (const byte of [0x00, 0x80, 0xf6, 0xff]) {
      expect(through(Uint8Array.of(...bytes, byte))).toBeNull();
      const shifted = through(Uint8Array.of(byte, ...bytes));
      expect(shifted).toBeNull();
    }
  });

  test('does not change what it was read from', () => {
    const input = bytes.slice();
    through(input);
    expect(input).toEqual(bytes);
  });
});
