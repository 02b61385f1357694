import { describe, expect, test } from 'vitest';
import { sha256 } from './bytes.ts';
import { acceptBy } from './payment.ts';
import { requestDigest } from './request.ts';
import { paymentFields, paymentSample, requestSample } from './vectors/samples.ts';

describe('the last moment of acceptance (TS-PAY-7)', () => {
  test.each([
    [1_000, 0, 1_000],
    [1_000, 1, 1_060],
    [1_800_000_000, 2_880, 1_800_172_800],
    [0xffff_ffff, 0xffff, 0xffff_ffff + 3_932_100],
  ])('synced at %d and acceptable for %d minutes: %d', (syncedAt, acceptMinutes, moment) => {
    expect(acceptBy({ ...paymentFields, syncedAt, acceptMinutes })).toBe(moment);
  });
});

test('a payment signs the digest of the very bytes of its request (TS-PAY-5)', () => {
  expect(requestDigest(requestSample.wire)).toEqual(sha256(requestSample.wire));
  expect(paymentSample.record.external).toEqual(sha256(requestSample.wire));
});
