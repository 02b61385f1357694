import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, equal, sha256, toHex } from './bytes.ts';
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts';
import { decodePaymentEvidence, encodePaymentEvidence } from './evidence.ts';
import { LIMITS } from './limits.ts';
import {
  decodeEntry,
  encodeEntry,
  entrySalt,
  GENESIS,
  headAfter,
  type LogEntry,
  nextHead,
} from './log.ts';
import { RECORD } from './record.ts';
import { decodeRecord } from './records.ts';
import { codeOf, hex, messageOf } from './testing/outcome.ts';
import { entryOf, evidenceWire, paymentEntry, receiptEntry } from './vectors/carriers.ts';
import {
  adoptSample,
  answerSample,
  closureSample,
  filler,
  paymentSample,
  policySample,
  receiptSample,
  renewalSample,
  requestSample,
  restoreSample,
  type Sample,
  statementSample,
  voidSample,
} from './vectors/samples.ts';

const records: Readonly<Record<string, Sample<object>>> = {
  payment: paymentSample,
  receipt: receiptSample,
  void: voidSample,
  restore: restoreSample,
  adopt: adoptSample,
  renewal: renewalSample,
  statement: statementSample,
};

describe('records (TS-LOG-1)', () => {
  test.each(Object.entries(records))(
    'a %s is told by its kind, and opens with its place',
    (kind, sample) => {
      const { payload } = sample.record;
      expect(decodeRecord(payload)).toEqual({
        kind: RECORD[kind as keyof typeof RECORD],
        ...sample.fields,
      });
      const [, seq, head] = decodeCbor(payload) as Cbor[];
      expect(seq).toBe((sample.fields as { seq: number }).seq);
      expect(head).toHaveLength(32);
    },
  );

  test.each<[string, Cbor]>([
    ['a request', requestSample.record.payload],
    ['an answer', answerSample.record.payload],
    ['a closure', closureSample.record.payload],
    ['a policy', policySample.record.payload],
  ])('%s is none', (_name, payload) => {
    expect(codeOf(() => decodeRecord(payload as Uint8Array))).toBe('WRONG_KIND');
  });

  test.each<[string, Cbor, string]>([
    ['a map', new Map([[0, 2]]), 'WRONG_KIND'],
    ['nothing', [], 'WRONG_KIND'],
    ['kind 0', [0, 1, GENESIS], 'WRONG_KIND'],
    ['kind 14', [14, 1, GENESIS], 'WRONG_KIND'],
    ['a kind as text', ['2', 1, GENESIS], 'WRONG_KIND'],
    ['position 0', [RECORD.void, 0, GENESIS, filler(32, 1)], 'BAD_FIELD'],
    ['a position beyond 32 bits', [RECORD.void, 2 ** 32, GENESIS, filler(32, 1)], 'BAD_FIELD'],
    ['a short head', [RECORD.void, 1, new Uint8Array(31), filler(32, 1)], 'BAD_FIELD'],
    ['a short payment id', [RECORD.void, 1, GENESIS, new Uint8Array(31)], 'BAD_FIELD'],
    ['no payment id', [RECORD.void, 1, GENESIS], 'MISSING_FIELD'],
    [
      'an unknown condition',
      (decodeCbor(statementSample.record.payload) as Cbor[]).with(8, 4),
      'BAD_FIELD',
    ],
    [
      'a negative balance',
      (decodeCbor(statementSample.record.payload) as Cbor[]).with(4, -1),
      'BAD_AMOUNT',
    ],
    [
      'a renewal to an unknown algorithm',
      [RECORD.renewal, 1, GENESIS, -8, filler(32, 1)],
      'UNKNOWN_ALGORITHM',
    ],
    ['a renewal to a short key', [RECORD.renewal, 1, GENESIS, -19, filler(31, 1)], 'BAD_FIELD'],
  ])('with %s is refused', (_name, item, code) => {
    expect(codeOf(() => decodeRecord(encodeCbor(item)))).toBe(code);
  });

  test('a balance of a statement may be zero', () => {
    const item = (decodeCbor(statementSample.record.payload) as Cbor[]).with(4, 0);
    expect(decodeRecord(encodeCbor(item))).toMatchObject({ balance: 0n });
  });
});

describe('entries (TS-LOG-2)', () => {
  test('read back as they were written, with and without evidence', () => {
    expect(decodeEntry(paymentEntry)).toEqual(entryOf(paymentSample));
    expect(decodeEntry(receiptEntry)).toEqual(entryOf(receiptSample, evidenceWire));
    expect(encodeEntry(decodeEntry(receiptEntry))).toEqual(receiptEntry);
  });

  const parts = decodeCbor(receiptEntry) as Cbor[];
  const header = parts[0] as Uint8Array;
  test.each<[string, Cbor, string, string]>([
    ['nothing', [], 'MISSING_FIELD', 'entry.header'],
    ['no evidence, not even null', parts.slice(0, 4), 'MISSING_FIELD', 'entry.evidence'],
    ['a part more', [...parts, null], 'BAD_FIELD', 'entry'],
    ['a long header', parts.with(0, new Uint8Array(65)), 'BAD_FIELD', 'entry.header'],
    [
      'a header with trailing bytes',
      parts.with(0, concat(header, hex('00'))),
      'TRAILING_BYTES',
      '',
    ],
    [
      'a header of another algorithm',
      parts.with(0, header.with(2, 0x27)),
      'UNKNOWN_ALGORITHM',
      '-8',
    ],
    ['long external data', parts.with(1, new Uint8Array(33)), 'BAD_FIELD', 'entry.external'],
    ['a short salt', parts.with(3, new Uint8Array(15)), 'BAD_FIELD', 'entry.salt'],
    ['evidence as text', parts.with(4, 'void'), 'BAD_FIELD', 'entry.evidence'],
  ])('with %s are refused', (_name, item, code, place) => {
    const bytes = encodeCbor(item);
    expect(codeOf(() => decodeEntry(bytes))).toBe(code);
    expect(messageOf(() => decodeEntry(bytes))).toContain(place);
  });

  test('have a bound', () => {
    expect(codeOf(() => decodeEntry(new Uint8Array(LIMITS.messageBytes + 1)))).toBe('OVERSIZED');
  });

  test('carry the payment a receipt answers, and the digest it signs (TS-LOG-4)', () => {
    const evidence = decodePaymentEvidence(evidenceWire);
    expect(evidence.payment).toEqual(paymentSample.wire);
    expect(evidence.requestDigest).toEqual(sha256(requestSample.wire));
    expect(encodePaymentEvidence(evidence)).toEqual(evidenceWire);
    const short = encodeCbor([paymentSample.wire, new Uint8Array(31)]);
    expect(messageOf(() => decodePaymentEvidence(short))).toContain('evidence.requestDigest');
  });
});

describe('the chain of heads (TS-LOG-3)', () => {
  const secret = filler(32, 10);

  test('starts at 32 zero bytes', () => {
    expect(toHex(GENESIS)).toBe('00'.repeat(32));
  });

  test('takes one step an entry: SHA-256 of head, salt and record id', () => {
    const salt = entrySalt(secret, adoptSample.id);
    const head = sha256(concat(GENESIS, salt, adoptSample.id));
    expect(nextHead(GENESIS, salt, adoptSample.id)).toEqual(head);
    expect(headAfter(GENESIS, entryOf(adoptSample))).toEqual(head);
  });

  test('does not hang on evidence or signature', () => {
    const bare = entryOf(receiptSample);
    expect(headAfter(GENESIS, { ...bare, evidence: evidenceWire })).toEqual(
      headAfter(GENESIS, bare),
    );
  });

  test('a salt is a tag under the secret of the purse (RFC 2104)', () => {
    const salt = entrySalt(secret, adoptSample.id);
    expect(salt).toHaveLength(16);
    expect(entrySalt(secret, adoptSample.id)).toEqual(salt);
    expect(equal(entrySalt(filler(32, 11), adoptSample.id), salt)).toBe(false);
    expect(equal(entrySalt(secret, paymentSample.id), salt)).toBe(false);
    // RFC 4231, test case 2, cut to 16 bytes.
    const text = new TextEncoder().encode('what do ya want for nothing?');
    expect(toHex(entrySalt(new TextEncoder().encode('Jefe'), text))).toBe(
      '5bdcc146bf60754e6a042426089575c7',
    );
  });

  test('different entries in any order lead to different heads', () => {
    const entries = Object.values(records).map((sample): LogEntry => entryOf(sample));
    const headOf = (order: readonly number[]): string =>
      toHex(order.reduce((head, index) => headAfter(head, entries[index]!), GENESIS));
    const order = fc.shuffledSubarray(entries.map((_, index) => index));
    fc.assert(
      fc.property(order, order, (one, other) => {
        expect(headOf(one) === headOf(other)).toBe(one.join() === other.join());
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});
