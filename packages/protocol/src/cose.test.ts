import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ED25519, ES256, ML_DSA_44, runChecking } from './algorithm.ts';
import { concat, equal, toHex } from './bytes.ts';
import { type Cbor, encodeCbor } from './cbor.ts';
import {
  checkSignature,
  decodeSigned,
  encodeSigned,
  normaliseSignature,
  recordId,
  type Signed,
  toBeSigned,
} from './cose.ts';
import { softwareVerify } from './software.ts';
import { codeOf, hex, messageOf } from './testing/outcome.ts';
import { alice, bob } from './vectors/cast.ts';
import { paymentSample } from './vectors/samples.ts';
import { sign, signature, signerOf, unsigned } from './vectors/signer.ts';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const { record, wire } = paymentSample;
const signed = decodeSigned(wire, record.external);

/** An envelope of the payment with its parts replaced. */
function envelope(change: {
  header?: Cbor;
  unprotected?: Cbor;
  payload?: Cbor;
  signature?: Cbor;
}): Uint8Array {
  const header = encodeCbor(
    new Map<number, Cbor>([
      [1, record.alg],
      [4, record.kid],
    ]),
  );
  return encodeCbor([
    change.header ?? header,
    change.unprotected ?? new Map(),
    change.payload === undefined ? record.payload : change.payload,
    change.signature ?? signed.signature,
  ]);
}

function headerOf(...entries: [number | string, Cbor][]): Uint8Array {
  return encodeCbor(new Map(entries));
}

function otherS(bytes: Uint8Array): Uint8Array {
  const s = ORDER - BigInt(`0x${toHex(bytes.subarray(32))}`);
  return concat(bytes.subarray(0, 32), hex(s.toString(16).padStart(64, '0')));
}

describe('the envelope (TS-SIG-1)', () => {
  test('is COSE_Sign1: header as bytes, an empty map, payload, signature (RFC 9052 §4.2)', () => {
    expect(toHex(wire)).toBe(toHex(envelope({})));
    expect(encodeSigned(signed)).toEqual(wire);
    expect(signed).toEqual({ ...record, signature: signed.signature });
    // An array of four; a header of 13 bytes: {1: -7, 4: 8 bytes}.
    expect(toHex(wire.subarray(0, 7))).toBe('844da201260448');
  });

  test('what is signed is the Sig_structure of RFC 9052 §4.4', () => {
    const parts = [
      '84',
      '6a5369676e617475726531',
      `4da201260448${toHex(record.kid)}`,
      `5820${toHex(record.external)}`,
      `58${record.payload.length.toString(16)}${toHex(record.payload)}`,
    ];
    expect(toHex(toBeSigned(record))).toBe(parts.join(''));
  });

  test.each<[string, Uint8Array, string]>([
    ['a map', encodeCbor(new Map([[1, 2]])), 'WRONG_KIND'],
    ['bytes', encodeCbor(wire), 'WRONG_KIND'],
    ['an empty array', hex('80'), 'MISSING_FIELD'],
    ['three parts', hex('8340a040'), 'MISSING_FIELD'],
    ['five parts', hex('8540a0404040'), 'BAD_FIELD'],
    ['a tagged envelope', concat(hex('d2'), wire), 'NON_CANONICAL'],
    ['a header that is a map', envelope({ header: new Map([[1, -7]]) }), 'BAD_FIELD'],
    ['an empty header', envelope({ header: hex('') }), 'MALFORMED'],
    ['a header of an array', envelope({ header: hex('80') }), 'BAD_FIELD'],
    ['a header without alg', envelope({ header: headerOf([4, record.kid]) }), 'MISSING_FIELD'],
    ['a header without kid', envelope({ header: headerOf([1, -7]) }), 'MISSING_FIELD'],
    [
      'a header with one more entry',
      envelope({ header: headerOf([1, -7], [4, record.kid], [5, hex('00')]) }),
      'BAD_FIELD',
    ],
    [
      'a header with trailing bytes',
      envelope({ header: concat(headerOf([1, -7], [4, record.kid]), hex('00')) }),
      'TRAILING_BYTES',
    ],
    [
      'a header in another order',
      envelope({ header: concat(hex('a2'), hex(`0448${toHex(record.kid)}`), hex('0126')) }),
      'NON_CANONICAL',
    ],
    ['a short kid', envelope({ header: headerOf([1, -7], [4, hex('00')]) }), 'BAD_FIELD'],
    ['a kid as text', envelope({ header: headerOf([1, -7], [4, 'alice']) }), 'BAD_FIELD'],
    [
      'an unknown algorithm',
      envelope({ header: headerOf([1, -35], [4, record.kid]) }),
      'UNKNOWN_ALGORITHM',
    ],
    [
      'an algorithm as text',
      envelope({ header: headerOf([1, 'ES256'], [4, record.kid]) }),
      'UNKNOWN_ALGORITHM',
    ],
    ['an unprotected entry', envelope({ unprotected: new Map([[4, record.kid]]) }), 'BAD_FIELD'],
    ['no unprotected map', envelope({ unprotected: hex('') }), 'BAD_FIELD'],
    ['a detached payload', envelope({ payload: null }), 'BAD_FIELD'],
    ['a payload that is no bytes', envelope({ payload: 'pay' }), 'BAD_FIELD'],
    ['no signature', envelope({ signature: hex('') }), 'BAD_FIELD'],
    ['a short signature', envelope({ signature: signed.signature.slice(1) }), 'BAD_FIELD'],
    [
      'a signature in DER',
      envelope({ signature: concat(hex('3044'), signed.signature) }),
      'BAD_FIELD',
    ],
    ['several signatures', envelope({ signature: [signed.signature] }), 'BAD_FIELD'],
    [
      'another length for its algorithm',
      envelope({ header: headerOf([1, ML_DSA_44], [4, record.kid]) }),
      'BAD_FIELD',
    ],
  ])('%s is refused', (_name, bytes, code) => {
    expect(codeOf(() => decodeSigned(bytes))).toBe(code);
  });

  test('a type is expected where one is due, and nowhere else', () => {
    const typed = { ...record, typ: 'application/example' };
    const bytes = encodeSigned({ ...typed, signature: signed.signature });
    const options = { typ: 'application/example' };
    expect(decodeSigned(bytes, record.external, options).typ).toBe('application/example');
    expect(codeOf(() => decodeSigned(bytes, record.external))).toBe('BAD_FIELD');
    expect(codeOf(() => decodeSigned(bytes, record.external, { typ: 'other' }))).toBe('WRONG_KIND');
    expect(codeOf(() => decodeSigned(wire, record.external, options))).toBe('MISSING_FIELD');
  });

  test('what was decoded does not hang on the input', () => {
    const input = wire.slice();
    const decoded = decodeSigned(input, record.external);
    input.fill(0);
    expect(decoded).toEqual(signed);
  });
});

describe('identity (TS-SIG-2)', () => {
  test('is the hash of what is signed, whatever the signature', () => {
    const resigned: Signed = { ...signed, signature: new Uint8Array(64) };
    expect(recordId(resigned)).toEqual(recordId(signed));
    expect(recordId(signed)).toHaveLength(32);
  });

  test('changes with each part that is signed', () => {
    const others = [
      { ...record, alg: ED25519 },
      { ...record, kid: bob.certificate.ref },
      { ...record, external: new Uint8Array(0) },
      { ...record, payload: encodeCbor([2]) },
      { ...record, typ: 'application/example' },
    ] as const;
    const ids = new Set([record, ...others].map((each) => toHex(recordId(each))));
    expect(ids.size).toBe(others.length + 1);
  });
});

describe('the signature (TS-SIG-3)', () => {
  const verdict = (message: Signed, key = alice.signer.key): string =>
    codeOf(() => runChecking(checkSignature(message, key), softwareVerify));

  test('holds under the key that made it and no other', () => {
    expect(verdict(signed)).toBe('OK');
    expect(verdict(signed, bob.signer.key)).toBe('BAD_SIGNATURE');
  });

  test('covers payload, external data and header', () => {
    expect(verdict({ ...signed, payload: encodeCbor([2]) })).toBe('BAD_SIGNATURE');
    expect(verdict({ ...signed, external: new Uint8Array(32) })).toBe('BAD_SIGNATURE');
    expect(verdict({ ...signed, kid: bob.certificate.ref })).toBe('BAD_SIGNATURE');
  });

  test('is of the algorithm of its key, whatever the message says (TS-ALG-2)', () => {
    const other = signerOf('alice', ED25519);
    expect(verdict({ ...signed, alg: ED25519 })).toBe('ALGORITHM_MISMATCH');
    expect(verdict(signed, other.key)).toBe('ALGORITHM_MISMATCH');
    // Even a signature that verifies under the other key.
    const message = unsigned(ES256, alice.certificate.ref, [2]);
    expect(verdict({ ...message, signature: signature(message, other) }, other.key)).toBe(
      'ALGORITHM_MISMATCH',
    );
  });
});

describe('low S (TS-SIG-4)', () => {
  test('the other valid S is refused, though it verifies', () => {
    const high = otherS(signed.signature);
    expect(
      softwareVerify({ key: alice.signer.key, message: toBeSigned(record), signature: high }),
    ).toBe(false);
    expect(codeOf(() => decodeSigned(envelope({ signature: high })))).toBe('HIGH_S');
  });

  test.each<[string, bigint, string]>([
    ['half the order', ORDER / 2n, 'OK'],
    ['half the order and one', ORDER / 2n + 1n, 'HIGH_S'],
    ['the order less one', ORDER - 1n, 'HIGH_S'],
    ['all ones', 2n ** 256n - 1n, 'HIGH_S'],
    ['0x7f at the top, above half', (0x7fn << 248n) | (2n ** 248n - 1n), 'HIGH_S'],
    ['0x7f at the top, below half', 0x7fn << 248n, 'OK'],
    ['one', 1n, 'OK'],
  ])('S of %s', (_name, s, code) => {
    const bytes = concat(signed.signature.subarray(0, 32), hex(s.toString(16).padStart(64, '0')));
    expect(codeOf(() => decodeSigned(envelope({ signature: bytes })))).toBe(code);
  });

  test('the bound is for ES256 only', () => {
    const high = new Uint8Array(64).fill(0xff);
    const header = headerOf([1, ED25519], [4, record.kid]);
    expect(codeOf(() => decodeSigned(envelope({ header, signature: high })))).toBe('OK');
    expect(normaliseSignature(ED25519, high)).toBe(high);
  });

  test('the border between low and high is half the order, to the last bit', () => {
    const half = ORDER >> 1n;
    const near = fc.bigInt({ min: -300n, max: 300n }).map((by) => half + by);
    const any = fc.bigInt({ min: 1n, max: ORDER - 1n });
    fc.assert(
      fc.property(fc.oneof(near, any), (s) => {
        const of = (value: bigint): Uint8Array =>
          hex('11'.repeat(32) + value.toString(16).padStart(64, '0'));
        expect(normaliseSignature(ES256, of(s))).toEqual(of(s > half ? ORDER - s : s));
        const code = codeOf(() => decodeSigned(envelope({ signature: of(s) }), record.external));
        expect(code).toBe(s > half ? 'HIGH_S' : 'OK');
      }),
      { seed: 5, numRuns: 1_000, examples: [[1n], [half], [half + 1n], [ORDER - 1n]] },
    );
  });

  test('normalised signatures verify, are low, and are normalised once', () => {
    const key = signerOf('hardware');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (payload, flipped) => {
        const message = unsigned(ES256, record.kid, payload);
        const low = signature(message, key);
        const made = flipped ? otherS(low) : low;
        const normal = normaliseSignature(ES256, made);
        expect(equal(normal, low)).toBe(true);
        expect(normaliseSignature(ES256, normal)).toEqual(normal);
        const check = { key: key.key, message: toBeSigned(message), signature: normal };
        expect(softwareVerify(check)).toBe(true);
      }),
      { seed: 4, numRuns: 40 },
    );
  });
});

test('a signature made for one message never fits another kind (TS-SIG-3)', () => {
  const elsewhere = sign(unsigned(ES256, record.kid, [1]), alice.signer);
  expect(messageOf(() => decodeSigned(elsewhere))).toBe('');
  expect(equal(elsewhere, wire)).toBe(false);
});
