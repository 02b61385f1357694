import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from './bytes.ts';
import { decodeFrame, encodeFrame } from './frame.ts';
import { LIMITS } from './limits.ts';
import { nonces, paymentFrame } from './vectors/carriers.ts';
import {
  placeDigest,
  toldPlace,
  WITNESS_BYTES,
  WITNESS_NONCE_BYTES,
  witnessesIn,
  witnessOf,
  witnessSalt,
  witnessSet,
} from './witness.ts';

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const nonce = bytes(WITNESS_NONCE_BYTES);
const place = fc.record({ kid: bytes(8), seq: fc.integer({ min: 1, max: LIMITS.position }) });
const seen = fc.record({ place, id: bytes(32) });
type Seen = { place: { kid: Uint8Array; seq: number }; id: Uint8Array };

function told(salt: Uint8Array, all: readonly Seen[]): Uint8Array {
  return witnessSet(all.map(({ place: at, id }) => witnessOf(salt, placeDigest(salt, at), id)));
}

const hexes = (set: Uint8Array): string[] => witnessesIn(set).map((each) => String(each));

describe('the digests of a contact', () => {
  test('are the same for both sides, and not for a third (TS-WIT-2)', () => {
    fc.assert(
      fc.property(nonce, nonce, nonce, (a, b, c) => {
        expect(witnessSalt(a, b)).toEqual(witnessSalt(b, a));
        fc.pre(String(c) !== String(b));
        expect(witnessSalt(a, c)).not.toEqual(witnessSalt(a, b));
      }),
    );
  });

  test('have nothing in common with those of another contact, whichever side drew anew', () => {
    const memory = fc.uniqueArray(seen, {
      minLength: 1,
      maxLength: LIMITS.witnessSetBytes / WITNESS_BYTES,
      selector: ({ place: { kid, seq } }) => `${toHex(kid)} ${seq}`,
    });
    fc.assert(
      fc.property(memory, nonce, nonce, nonce, (all, kept, first, second) => {
        fc.pre(String(first) !== String(second));
        const one = hexes(told(witnessSalt(kept, first), all));
        const other = new Set(hexes(told(witnessSalt(kept, second), all)));
        expect(one.filter((each) => other.has(each))).toEqual([]);
      }),
    );
  });

  test('show two contents of one place, and the same content as the same', () => {
    fc.assert(
      fc.property(nonce, nonce, seen, bytes(32), (a, b, { place: at, id }, other) => {
        const salt = witnessSalt(a, b);
        const digest = placeDigest(salt, at);
        const [mine, theirs] = [witnessOf(salt, digest, id), witnessOf(salt, digest, other)];
        expect(toldPlace(mine)).toEqual(toldPlace(digest));
        expect(toldPlace(theirs)).toEqual(toldPlace(mine));
        expect(witnessOf(salt, digest, id)).toEqual(mine);
      }),
    );
  });
});

describe('a set of witnesses (TS-WIT-3)', () => {
  test('is written in one way, whatever the order, and read back', () => {
    fc.assert(
      fc.property(fc.array(bytes(WITNESS_BYTES), { maxLength: 46 }), nonce, (all, drawn) => {
        const set = witnessSet(all);
        expect(witnessSet([...all, ...all].toReversed())).toEqual(set);
        const frame = { kind: 10, nonce: drawn, set } as const;
        expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
        expect(new Set(hexes(set))).toEqual(new Set(all.map(String)));
      }),
    );
  });

  test('fits one QR code of 300 bytes with its frame, as a payment does', () => {
    const set = Uint8Array.from({ length: LIMITS.witnessSetBytes }, (_, at) =>
      at % WITNESS_BYTES === 0 ? at / WITNESS_BYTES : 0,
    );
    const frame = encodeFrame({ kind: 10, nonce: nonces[0], set });
    expect(frame).toHaveLength(298);
    expect(frame.length).toBeLessThanOrEqual(paymentFrame.length);
  });
});
