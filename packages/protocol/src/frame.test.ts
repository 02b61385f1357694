import { describe, expect, test } from 'vitest';
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts';
import { decodeFrame, encodeFrame, type Frame } from './frame.ts';
import { LIMITS } from './limits.ts';
import { codeOf, messageOf } from './testing/outcome.ts';
import { bareFrame, frames, paymentFrame, positionProof } from './vectors/carriers.ts';
import { alice, operatorKey, party, bankA, terminal } from './vectors/cast.ts';
import { paymentFields, paymentOf, paymentSample } from './vectors/samples.ts';
import { encodeProof } from './fork-proof.ts';

const nonce = new Uint8Array(16);
const proofFrame: Frame = { kind: 7, proof: encodeProof(positionProof) };

describe('frames (TS-SES-1)', () => {
  test.each([...frames, proofFrame].map((frame) => [frame.kind, frame] as const))(
    'of kind %d read back as they were written',
    (_kind, frame) => {
      const bytes = encodeFrame(frame);
      expect(decodeFrame(bytes)).toEqual(frame);
      expect(encodeFrame(decodeFrame(bytes))).toEqual(bytes);
    },
  );

  test.each<[string, Cbor, string, string]>([
    ['no frame', [], 'WRONG_KIND', 'frame'],
    ['an unknown kind', [13, 1], 'WRONG_KIND', 'frame'],
    ['kind 0', [0], 'WRONG_KIND', 'frame'],
    ['a map', new Map([[0, 1]]), 'WRONG_KIND', 'frame'],
    ['a payment without certificate or null', [2, [1]], 'MISSING_FIELD', 'frame.certificate'],
    ['a payment in bytes', [2, paymentSample.wire, null], 'BAD_FIELD', 'frame.payment'],
    ['a certificate in bytes', [2, [1], alice.wire], 'BAD_FIELD', 'frame.certificate'],
    ['a payment of null', [2, null, null], 'BAD_FIELD', 'frame.payment'],
    ['a receipt set in as CBOR', [3, [1]], 'BAD_FIELD', 'frame.receipt'],
    ['a void of text', [5, 'void'], 'BAD_FIELD', 'frame.void'],
    ['an unprintable code', [8, 'A\tB', 1], 'BAD_FIELD', 'frame.code'],
    ['a long code', [8, 'A'.repeat(41), 1], 'BAD_FIELD', 'frame.code'],
    ['a negative version', [8, 'STALE', -1], 'BAD_FIELD', 'frame.listVersion'],
    ['a short nonce', [10, new Uint8Array(15), new Uint8Array(0)], 'BAD_FIELD', 'frame.nonce'],
    ['a part of a witness', [10, nonce, new Uint8Array(5)], 'BAD_FIELD', 'a part of a witness'],
    ['one witness twice', [10, nonce, new Uint8Array(12)], 'BAD_FIELD', 'not in order'],
    [
      'witnesses in another order',
      [10, nonce, Uint8Array.of(0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1)],
      'BAD_FIELD',
      'not in order',
    ],
    [
      'more witnesses than are told in one contact',
      [10, nonce, new Uint8Array(LIMITS.witnessSetBytes + 6)],
      'BAD_FIELD',
      'frame.set',
    ],
    ['a place cut short', [11, new Uint8Array(8)], 'BAD_FIELD', 'frame.place'],
    ['an exhibit without its record', [12, [nonce]], 'MISSING_FIELD', 'frame.exhibit.record'],
    ['a part more', [5, new Uint8Array(1), 0], 'BAD_FIELD', 'frame must be 2 fields'],
    [
      'a wish that is a number',
      [4, ...Array.from({ length: 3 }, () => new Uint8Array(1)), 1],
      'BAD_FIELD',
      'frame.voidIt',
    ],
  ])('with %s are refused', (_name, item, code, place) => {
    const bytes = encodeCbor(item);
    expect(codeOf(() => decodeFrame(bytes))).toBe(code);
    expect(messageOf(() => decodeFrame(bytes))).toContain(place);
  });

  test('have a bound, and so has each message in them', () => {
    expect(codeOf(() => decodeFrame(new Uint8Array(LIMITS.frameBytes + 1)))).toBe('OVERSIZED');
    const long = encodeCbor([3, new Uint8Array(LIMITS.messageBytes + 1)]);
    expect(codeOf(() => decodeFrame(long))).toBe('BAD_FIELD');
    const set = encodeCbor([2, [new Uint8Array(LIMITS.messageBytes)], null]);
    expect(codeOf(() => decodeFrame(set))).toBe('BAD_FIELD');
  });
});

describe('a payment set into its frame (TS-SES-3)', () => {
  test('loses two heads of byte strings and nothing else', () => {
    const [kind, payment, certificate] = decodeCbor(paymentFrame) as Cbor[];
    expect(kind).toBe(2);
    expect(encodeCbor(payment!)).toEqual(paymentSample.wire);
    expect(encodeCbor(certificate!)).toEqual(alice.wire);
    expect(paymentFrame).toHaveLength(2 + paymentSample.wire.length + alice.wire.length);
  });

  test('is at most 300 bytes with its certificate and 160 without', () => {
    expect(paymentFrame).toHaveLength(299);
    expect(bareFrame).toHaveLength(150);
  });

  test('is as long after twelve hops as after one', () => {
    const sizes = [1, 2, 6, 12, 23].map((hop) => {
      const payment = paymentOf({ value: { ...paymentFields.value, hop } }).wire;
      return encodeFrame({ kind: 2, payment, certificate: alice.wire }).length;
    });
    expect(new Set(sizes)).toEqual(new Set([299]));
  });

  test('grows with the numbers in it, and by no more than this', () => {
    const value = { ...paymentFields.value, currency: 999, amount: LIMITS.amountMinorUnits };
    const largest = paymentOf({ seq: LIMITS.position, value, acceptMinutes: 0xffff });
    const by = party('alice', bankA, {
      profile: { tier: 31, assurance: 4, measurement: 63, statusIndex: LIMITS.listEntries - 1 },
    });
    const frame = { kind: 2, payment: largest.wire, certificate: by.wire } as const;
    expect(encodeFrame(frame)).toHaveLength(311);
    expect(encodeFrame({ ...frame, certificate: null })).toHaveLength(160);
  });

  test('carries no message that is longer than a message may be, as no other frame does', () => {
    const filled = (length: number): Cbor => [new Uint8Array(length - 4)];
    const read = (payment: Cbor, certificate: Cbor): string =>
      codeOf(() => decodeFrame(encodeCbor([2, payment, certificate])));
    expect(read(filled(LIMITS.messageBytes), null)).toBe('OK');
    expect(read(filled(LIMITS.messageBytes + 1), null)).toBe('BAD_FIELD');
    expect(read([], filled(LIMITS.messageBytes))).toBe('OK');
    expect(read([], filled(LIMITS.messageBytes + 1))).toBe('BAD_FIELD');
  });

  test('names a payee with a shown name no differently', () => {
    const payment = paymentOf({ payee: terminal.certificate.ref }).wire;
    expect(encodeFrame({ kind: 2, payment, certificate: null })).toHaveLength(bareFrame.length);
    expect(operatorKey.wire.length).toBeLessThan(LIMITS.messageBytes);
  });
});
