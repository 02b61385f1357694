import { describe, expect, test } from 'vitest';
import { runChecking } from './algorithm.ts';
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts';
import { decodeEntry } from './log.ts';
import { LIMITS } from './limits.ts';
import { softwareVerify } from './software.ts';
import {
  answer,
  checkIssuerMessage,
  closure,
  decodeReply,
  decodeUpload,
  encodeReply,
  encodeUpload,
  type SyncReply,
  type Upload,
} from './sync.ts';
import { codeOf, messageOf as textOf } from './testing/outcome.ts';
import { replyWire, uploadWire } from './vectors/carriers.ts';
import { alice, bankB, issuerA, operatorKey, party } from './vectors/cast.ts';
import { answerSample, closureSample, messageOf, receiptSample } from './vectors/samples.ts';

describe('answers and closures (TS-SYN-3, TS-SYN-7)', () => {
  const read = (wire: Uint8Array, by = issuerA.certificate): string =>
    codeOf(() => runChecking(checkIssuerMessage(wire, by, answer, 'answer'), softwareVerify));

  test('of the issuing key are believed', () => {
    const answered = runChecking(
      checkIssuerMessage(answerSample.wire, issuerA.certificate, answer, 'answer'),
      softwareVerify,
    );
    expect(answered).toEqual(answerSample.fields);
    const closed = runChecking(
      checkIssuerMessage(closureSample.wire, issuerA.certificate, closure, 'closure'),
      softwareVerify,
    );
    expect(closed).toEqual(closureSample.fields);
  });

  test('never count under a key that holds a purse (TS-CRT-6)', () => {
    const own = messageOf(answer, answerSample.fields, alice);
    expect(read(own.wire, alice.certificate)).toBe('WRONG_ROLE');
  });

  test('of another issuing key, named or not, are refused', () => {
    const other = party('issuer-b', bankB, { profile: { tier: 0 } });
    expect(read(answerSample.wire, other.certificate)).toBe('UNKNOWN_CERTIFICATE');
    const forged = messageOf(answer, answerSample.fields, {
      ...other,
      certificate: issuerA.certificate,
    });
    expect(read(forged.wire)).toBe('BAD_SIGNATURE');
  });

  test('are no other kind', () => {
    expect(read(closureSample.wire)).toBe('WRONG_KIND');
    expect(read(receiptSample.wire)).toBe('WRONG_KIND');
  });

  test('name no more settled payments than may be open', () => {
    const [settled] = answerSample.fields.settled;
    const most = { ...answerSample.fields, settled: Array.from({ length: 256 }, () => settled!) };
    expect(read(messageOf(answer, most, issuerA).wire)).toBe('OK');
    const more = { ...most, settled: [...most.settled, settled!] };
    expect(read(messageOf(answer, more, issuerA).wire)).toBe('BAD_FIELD');
  });
});

describe('an upload (TS-SYN-2)', () => {
  const value: Upload = decodeUpload(uploadWire);

  test('reads back as it was written, and so do its entries', () => {
    expect(encodeUpload(value)).toEqual(uploadWire);
    expect(value.entries.map((entry) => decodeEntry(entry).record.kid)).toEqual(
      value.entries.map(() => alice.certificate.ref),
    );
  });

  test.each<[string, (parts: Cbor[]) => Cbor, string, string]>([
    ['no statement', () => [], 'MISSING_FIELD', 'upload.statement'],
    ['no entries', (parts) => parts.slice(0, 1), 'MISSING_FIELD', 'upload.entries'],
    ['no proofs', (parts) => parts.slice(0, 2), 'MISSING_FIELD', 'upload.proofs'],
    ['a part more', (parts) => [...parts, 0], 'BAD_FIELD', 'upload'],
    ['an entry that is no bytes', (parts) => parts.with(1, ['entry']), 'BAD_FIELD', 'entries[0]'],
    [
      'an entry that is too long',
      (parts) => parts.with(1, [new Uint8Array(LIMITS.messageBytes * 2 + 1)]),
      'BAD_FIELD',
      'entries[0]',
    ],
    [
      'too many entries',
      (parts) =>
        parts.with(
          1,
          Array.from({ length: LIMITS.logEntries + 1 }, () => new Uint8Array(0)),
        ),
      'BAD_FIELD',
      'entries',
    ],
    [
      'too many proofs',
      (parts) =>
        parts.with(
          2,
          Array.from({ length: 17 }, () => new Uint8Array(0)),
        ),
      'BAD_FIELD',
      'proofs',
    ],
  ])('with %s is refused', (_name, change, code, place) => {
    const bytes = encodeCbor(change(decodeCbor(uploadWire) as Cbor[]));
    expect(codeOf(() => decodeUpload(bytes))).toBe(code);
    expect(textOf(() => decodeUpload(bytes))).toContain(place);
  });

  test('has a bound that a full log with its evidence fits', () => {
    expect(codeOf(() => decodeUpload(new Uint8Array(LIMITS.uploadBytes + 1)))).toBe('OVERSIZED');
    const full = {
      ...value,
      entries: Array.from({ length: LIMITS.logEntries }, () => new Uint8Array(600)),
    };
    expect(decodeUpload(encodeUpload(full)).entries).toHaveLength(LIMITS.logEntries);
  });
});

describe('the reply to an upload (TS-SYN-5)', () => {
  const value: SyncReply = decodeReply(replyWire);

  test('reads back as it was written', () => {
    expect(encodeReply(value)).toEqual(replyWire);
    expect(value.certificates).toEqual([issuerA.wire, operatorKey.wire]);
    const bare = { ...value, policy: null, list: null, closures: [], refused: [] };
    expect(decodeReply(encodeReply(bare))).toEqual(bare);
  });

  test.each<[string, Partial<Record<keyof SyncReply, unknown>>, string]>([
    [
      'too many closures',
      { closures: Array.from({ length: 65 }, () => new Uint8Array(1)) },
      'closures',
    ],
    [
      'too many certificates',
      { certificates: Array.from({ length: 65 }, () => new Uint8Array(1)) },
      'certificates',
    ],
    ['an unprintable code', { refused: [{ index: 0, code: 'A\nB' }] }, 'refused[0].code'],
    ['an index beyond any log', { refused: [{ index: 4_097, code: 'STALE' }] }, 'refused[0].index'],
    ['a list beyond its bound', { list: new Uint8Array(LIMITS.listBytes + 1025) }, 'list'],
  ])('with %s is refused', (_name, change, place) => {
    const bytes = encodeReply({ ...value, ...change } as SyncReply);
    expect(codeOf(() => decodeReply(bytes))).toBe('BAD_FIELD');
    expect(textOf(() => decodeReply(bytes))).toContain(`reply.${place}`);
  });

  test('has a bound', () => {
    expect(codeOf(() => decodeReply(new Uint8Array(1_048_577)))).toBe('OVERSIZED');
  });
});
