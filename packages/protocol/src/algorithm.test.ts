import { describe, expect, test } from 'vitest';
import {
  ALGORITHMS,
  type Algorithm,
  ED25519,
  ES256,
  fromCoseKey,
  keyOfText,
  ML_DSA_44,
  publicKey,
  runChecking,
  toAlgorithm,
  toCoseKey,
} from './algorithm.ts';
import { toHex } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { checkSignature, decodeSigned } from './cose.ts';
import { decodeFrame, encodeFrame, type Frame } from './frame.ts';
import { softwareVerify } from './software.ts';
import { codeOf, hex } from './testing/outcome.ts';
import { alice, bankA, party, type Party } from './vectors/cast.ts';
import { paymentOf } from './vectors/samples.ts';
import { signerOf } from './vectors/signer.ts';

const ALL: readonly Algorithm[] = [ES256, ED25519, ML_DSA_44];

describe('algorithms (TS-ALG-1)', () => {
  test('are the three of the scheme', () => {
    expect(
      Object.values(ALGORITHMS)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['ES256', 'Ed25519', 'ML-DSA-44']);
    for (const alg of ALL) expect(toAlgorithm(alg)).toBe(alg);
  });

  test.each([-8, -35, -36, -37, -257, -49, 0, 7, 19, '-7', null, undefined, -7n])(
    '%s is none',
    (item) => {
      expect(codeOf(() => toAlgorithm(item))).toBe('UNKNOWN_ALGORITHM');
    },
  );
});

describe('a public key (TS-ALG-3)', () => {
  test.each(ALL)('of algorithm %d goes through COSE_Key and back', (alg) => {
    const { key } = signerOf('someone', alg);
    const bytes = encodeCbor(toCoseKey(key));
    expect(fromCoseKey(decodeCbor(bytes))).toEqual(key);
    expect(encodeCbor(toCoseKey(fromCoseKey(decodeCbor(bytes))))).toEqual(bytes);
  });

  test('of P-256 keeps the sign of y', () => {
    const x = signerOf('someone').key.bytes.slice(1);
    for (const [lead, sign] of [
      [2, false],
      [3, true],
    ] as const) {
      const key = publicKey(ES256, Uint8Array.of(lead, ...x));
      expect(toCoseKey(key).get(-3)).toBe(sign);
      expect(fromCoseKey(toCoseKey(key))).toEqual(key);
    }
  });

  const point = signerOf('someone').key.bytes.slice(1);
  const okp = signerOf('someone', ED25519).key.bytes;
  const entries = (...pairs: [unknown, unknown][]): Map<unknown, unknown> => new Map(pairs);
  test.each<[string, unknown, string]>([
    ['no map', [1, 2], 'BAD_FIELD'],
    ['nothing', undefined, 'BAD_FIELD'],
    ['an empty map', new Map(), 'UNKNOWN_ALGORITHM'],
    ['P-384', entries([1, 2], [-1, 2], [-2, point], [-3, true]), 'UNKNOWN_ALGORITHM'],
    ['X25519', entries([1, 1], [-1, 4], [-2, okp]), 'UNKNOWN_ALGORITHM'],
    ['a symmetric key', entries([1, 4], [-1, okp]), 'UNKNOWN_ALGORITHM'],
    ['another ML-DSA', entries([1, 7], [3, -49], [-1, okp]), 'UNKNOWN_ALGORITHM'],
    ['a private key', entries([1, 1], [-1, 6], [-2, okp], [-4, okp]), 'UNKNOWN_ALGORITHM'],
    ['a key with an id', entries([1, 1], [2, okp], [-1, 6], [-2, okp]), 'UNKNOWN_ALGORITHM'],
    ['labels as one text', entries(['1,-1,-2', okp]), 'UNKNOWN_ALGORITHM'],
    ['y in full', entries([1, 2], [-1, 1], [-2, point], [-3, point]), 'BAD_FIELD'],
    ['x too short', entries([1, 2], [-1, 1], [-2, point.slice(1)], [-3, true]), 'BAD_FIELD'],
    ['x too long', entries([1, 2], [-1, 1], [-2, okp.subarray(0, 0)], [-3, true]), 'BAD_FIELD'],
    ['x as text', entries([1, 2], [-1, 1], [-2, 'x'], [-3, true]), 'BAD_FIELD'],
    ['Ed25519 too long', entries([1, 1], [-1, 6], [-2, new Uint8Array(33)]), 'BAD_FIELD'],
    ['ML-DSA too short', entries([1, 7], [3, ML_DSA_44], [-1, new Uint8Array(1311)]), 'BAD_FIELD'],
  ])('with %s is refused', (_name, item, code) => {
    expect(codeOf(() => fromCoseKey(item))).toBe(code);
  });

  test.each([
    [ES256, 32],
    [ES256, 65],
    [ED25519, 31],
    [ED25519, 33],
    [ML_DSA_44, 1311],
    [ML_DSA_44, 1313],
  ] as const)('of algorithm %d is not %d bytes long', (alg, length) => {
    expect(codeOf(() => publicKey(alg, new Uint8Array(length).fill(2)))).toBe('BAD_FIELD');
  });

  test.each([0, 1, 4, 6, 7])('of P-256 does not open with %d', (lead) => {
    const bytes = new Uint8Array(33);
    bytes[0] = lead;
    expect(codeOf(() => publicKey(ES256, bytes))).toBe('BAD_FIELD');
  });

  test('is read from text by the name of its algorithm', () => {
    const bytes = Uint8Array.of(3, ...new Uint8Array(32).fill(9));
    expect(keyOfText({ algorithm: 'ES256', key: toHex(bytes) })).toEqual({ alg: ES256, bytes });
    expect(codeOf(() => keyOfText({ algorithm: 'ES256', key: 'no hex' }))).toBe('BAD_FIELD');
    expect(codeOf(() => keyOfText({ algorithm: 'Ed25519', key: toHex(bytes) }))).toBe('BAD_FIELD');
    expect(codeOf(() => keyOfText({ algorithm: 'none', key: '' }))).toBe('UNKNOWN_ALGORITHM');
  });
});

test('a checking is resumed with each verdict in turn', () => {
  const key = signerOf('someone').key;
  const verdicts: boolean[] = [];
  const outcome = runChecking(
    (function* () {
      verdicts.push(yield { key, message: hex('01'), signature: hex('02') });
      verdicts.push(yield { key, message: hex('03'), signature: hex('04') });
      return 'done';
    })(),
    ({ message }) => message[0] === 3,
  );
  expect(outcome).toBe('done');
  expect(verdicts).toEqual([false, true]);
});

describe('a payment of each algorithm (TS-ALG-4)', () => {
  const payer = (alg: Algorithm): Party => (alg === ES256 ? alice : party('alice', bankA, { alg }));

  test.each<Algorithm>([ES256, ED25519])('of algorithm %d is signed and verified', (alg) => {
    const { wire, record } = paymentOf({}, payer(alg));
    const signed = decodeSigned(wire, record.external);
    const check = (): void =>
      runChecking(checkSignature(signed, payer(alg).signer.key), softwareVerify);
    expect(codeOf(check)).toBe('OK');
  });

  test.each([
    ['with an ES256 authority', bankA, 3_938],
    ['with an ML-DSA-44 authority', { ...bankA, signer: signerOf('bank-a', ML_DSA_44) }, 6_296],
  ] as const)('of ML-DSA-44 fits the same types: %s', (_name, bank, length) => {
    const by = party('alice', bank, { alg: ML_DSA_44, profile: { statusIndex: 70_001 } });
    const { wire, record } = paymentOf({}, by);
    const sent: Frame = { kind: 2, payment: wire, certificate: by.wire };
    const frame = encodeFrame(sent);
    expect(wire).toHaveLength(2_505);
    expect(frame).toHaveLength(length);
    expect(decodeFrame(frame)).toEqual(sent);
    expect(by.certificate.key).toEqual(by.signer.key);

    const asked: number[] = [];
    const signed = decodeSigned(wire, record.external);
    runChecking(checkSignature(signed, by.certificate.key), ({ key, signature }) => {
      asked.push(key.bytes.length, signature.length);
      return true;
    });
    expect(asked).toEqual([1_312, 2_420]);
  });
});
