import * as fc from 'fast-check';
import type { Cbor } from '../cbor.ts';

const integer: fc.Arbitrary<Cbor> = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
  fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
);
const text: fc.Arbitrary<Cbor> = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((each) => each.normalize('NFC'));
const leaf: fc.Arbitrary<Cbor> = fc.oneof(
  integer,
  text,
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 40 }),
);

/** Any value the protocol's CBOR can hold, a few levels deep. */
export const cborValue: fc.Arbitrary<Cbor> = fc.letrec<{ value: Cbor }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 6 }),
    fc
      .uniqueArray(fc.tuple(fc.oneof(fc.integer(), fc.string({ maxLength: 5 })), tie('value')), {
        maxLength: 6,
        selector: ([key]) => key,
      })
      .map((entries) => new Map<number | string, Cbor>(entries)),
  ),
})).value;

/** One way to spoil bytes: change, drop, insert or repeat some of them. */
export interface Spoiling {
  readonly at: number;
  readonly how: 'change' | 'truncate' | 'insert' | 'remove' | 'append';
  readonly byte: number;
}

export const spoiling: fc.Arbitrary<Spoiling> = fc.record({
  at: fc.nat(1_000_000),
  how: fc.constantFrom('change', 'truncate', 'insert', 'remove', 'append'),
  byte: fc.integer({ min: 1, max: 255 }),
});

/** The bytes, spoiled. A change is never to the same byte. */
export function spoil(bytes: Uint8Array, { at, how, byte }: Spoiling): Uint8Array {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const before = bytes.subarray(0, place);
  const after = bytes.subarray(place);
  const change: Record<Spoiling['how'], readonly number[]> = {
    change: [...before, (after[0] ?? 0) ^ byte, ...after.subarray(1)],
    truncate: [...before],
    insert: [...before, byte, ...after],
    remove: [...before, ...after.subarray(1)],
    append: [...bytes, byte],
  };
  return Uint8Array.from(change[how]);
}
