import { unzlibSync, zlibSync } from 'fflate';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runChecking } from './algorithm.ts';
import { equal } from './bytes.ts';
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts';
import { decodeSigned, encodeSigned, NO_EXTERNAL } from './cose.ts';
import { LIMITS } from './limits.ts';
import { softwareVerify } from './software.ts';
import { isStatusSet, statusBits, statusIndices } from './status-bits.ts';
import {
  checkStatusList,
  decodeStatusList,
  encodeStatusList,
  STATUS_LIST_TYPE,
  type StatusList,
  unsignedStatusList,
} from './status-list.ts';
import { codeOf, hex, messageOf } from './testing/outcome.ts';
import { alice, issuerA, operatorKey } from './vectors/cast.ts';
import { listFields, listSample } from './vectors/samples.ts';
import { sign, unsigned } from './vectors/signer.ts';

const STATUS_LIST = 65533;

/** The payload of a list, with the compressed bits or any claim replaced. */
function payloadWith(
  lst: Cbor,
  change: readonly (readonly [number, Cbor | null])[] = [],
): Uint8Array {
  const claims = decodeCbor(encodeStatusList(listFields)) as Map<number, Cbor>;
  claims.set(
    STATUS_LIST,
    new Map<string, Cbor>([
      ['bits', 1],
      ['lst', lst],
    ]),
  );
  for (const [label, value] of change) {
    if (value === null) claims.delete(label);
    else claims.set(label, value);
  }
  return encodeCbor(claims);
}

const withBits = (bits: Uint8Array): StatusList => decodeStatusList(payloadWith(zlibSync(bits)));

describe('a status list (TS-LST-1)', () => {
  test('reads back as it was written', () => {
    expect(decodeStatusList(encodeStatusList(listFields))).toEqual(listFields);
    const empty = { ...listFields, bits: statusBits([]) };
    expect(decodeStatusList(encodeStatusList(empty))).toEqual(empty);
  });

  test('is a Token Status List: one bit each, least significant first, in zlib form', () => {
    const payload = encodeStatusList({ ...listFields, bits: statusBits([0, 3, 9]) });
    const claims = decodeCbor(payload) as Map<number, unknown>;
    const inner = claims.get(STATUS_LIST) as Map<string, unknown>;
    expect(inner.get('bits')).toBe(1);
    expect(unzlibSync(inner.get('lst') as Uint8Array)).toEqual(hex('0902'));
    expect([...claims.keys()]).toEqual([2, 6, STATUS_LIST, -65539]);
  });

  test('any set of indices reads back', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(100_000), { maxLength: 50 }), (indices) => {
        const revoked = indices.toSorted((a, b) => a - b);
        const { bits } = decodeStatusList(
          encodeStatusList({ ...listFields, bits: statusBits(indices) }),
        );
        expect(statusIndices(bits)).toEqual(revoked);
        expect(revoked.every((index) => isStatusSet(bits, index))).toBe(true);
        const others = revoked.map((index) => index + 1).filter((next) => !revoked.includes(next));
        expect(others.some((index) => isStatusSet(bits, index))).toBe(false);
      }),
      { seed: 5, numRuns: 50 },
    );
  });

  test('indices in any order are all revoked: none may be lost in writing', () => {
    expect(statusIndices(statusBits([70_009, 3]))).toEqual([3, 70_009]);
  });

  test.each([-1, 0.5, LIMITS.listEntries])('an index of %d is a programmer error', (index) => {
    expect(() => statusBits([index])).toThrow(RangeError);
  });

  test('the last index of all is read', () => {
    const last = LIMITS.listEntries - 1;
    const list = { ...listFields, bits: statusBits([last]) };
    expect(statusIndices(decodeStatusList(encodeStatusList(list)).bits)).toEqual([last]);
  });

  test('an index past the end of the bits is not revoked', () => {
    const bits = statusBits([7]);
    expect(bits).toEqual(hex('80'));
    expect([6, 7, 8, LIMITS.listEntries - 1].map((index) => isStatusSet(bits, index))).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });

  const lst = zlibSync(hex('0902'));
  test.each<[string, Uint8Array, string]>([
    ['an array', encodeCbor([1]), 'WRONG_KIND'],
    ['no uri', payloadWith(lst, [[2, null]]), 'MISSING_FIELD'],
    ['no time', payloadWith(lst, [[6, null]]), 'MISSING_FIELD'],
    ['no list', payloadWith(lst, [[STATUS_LIST, null]]), 'MISSING_FIELD'],
    ['no version', payloadWith(lst, [[-65539, null]]), 'MISSING_FIELD'],
    ['an unknown claim', payloadWith(lst, [[1, 'issuer']]), 'BAD_FIELD'],
    ['an empty uri', payloadWith(lst, [[2, '']]), 'BAD_FIELD'],
    ['a negative time', payloadWith(lst, [[6, -1]]), 'BAD_FIELD'],
    ['a version beyond 32 bits', payloadWith(lst, [[-65539, 2 ** 32]]), 'BAD_FIELD'],
    ['a list of bytes', payloadWith(lst, [[STATUS_LIST, lst]]), 'BAD_FIELD'],
    [
      'two bits each',
      payloadWith(lst, [
        [
          STATUS_LIST,
          new Map<string, Cbor>([
            ['bits', 2],
            ['lst', lst],
          ]),
        ],
      ]),
      'BAD_FIELD',
    ],
    ['no bits', payloadWith(lst, [[STATUS_LIST, new Map([['lst', lst]])]]), 'BAD_FIELD'],
    [
      'one thing more',
      payloadWith(lst, [
        [
          STATUS_LIST,
          new Map<string, Cbor>([
            ['bits', 1],
            ['lst', lst],
            ['aggregation_uri', 'x'],
          ]),
        ],
      ]),
      'BAD_FIELD',
    ],
    ['a list of text', payloadWith('lst'), 'BAD_FIELD'],
    ['an empty list', payloadWith(hex('')), 'BAD_FIELD'],
    ['no zlib data', payloadWith(hex('0102030405060708')), 'BAD_FIELD'],
    ['raw deflate data', payloadWith(lst.subarray(2, -4)), 'BAD_FIELD'],
    ['a wrong checksum', payloadWith(Uint8Array.of(...lst.subarray(0, -1), 0x55)), 'BAD_FIELD'],
    ['bytes after the checksum', payloadWith(Uint8Array.of(...lst, 0)), 'BAD_FIELD'],
    [
      'a preset dictionary',
      payloadWith(Uint8Array.of(0x78, 0xbb, ...lst.subarray(2))),
      'BAD_FIELD',
    ],
    [
      'compressed data beyond its bound',
      payloadWith(new Uint8Array(LIMITS.listBytes + 1)),
      'BAD_FIELD',
    ],
  ])('with %s is refused', (_name, payload, code) => {
    expect(codeOf(() => decodeStatusList(payload))).toBe(code);
  });

  test('compressed data cut anywhere is refused', () => {
    const packed = zlibSync(Uint8Array.from({ length: 300 }, (_, index) => (index * 73) & 0xff));
    for (let length = 0; length < packed.length; length++) {
      const cut = payloadWith(packed.slice(0, length));
      expect(codeOf(() => decodeStatusList(cut))).toBe('BAD_FIELD');
    }
  });

  test('compressed data with any byte changed is refused', () => {
    const packed = zlibSync(Uint8Array.from({ length: 300 }, (_, index) => (index * 73) & 0xff));
    for (let at = 0; at < packed.length; at++) {
      const changed = packed.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      expect(codeOf(() => decodeStatusList(payloadWith(changed)))).not.toBe('OK');
    }
  });
});

describe('unpacking is bounded (TS-LST-2)', () => {
  test('the largest list is read', () => {
    const bits = new Uint8Array(LIMITS.listEntries / 8).fill(0xff);
    expect(equal(withBits(bits).bits, bits)).toBe(true);
  });

  test.each([
    1, 200, 244, 245, 246, 256, 257, 500, 501, 502, 503, 504, 4_096, 50_000, 4_095, 4_097, 700_000,
  ])('lists are read whatever their length, packed or only stored: %i bytes', (length) => {
    const bits = Uint8Array.from({ length }, (_, at) => (at % 97 === 0 ? 0x81 : 0));
    bits[length - 1] = 0x80;
    for (const level of [0, 6] as const) {
      const packed = zlibSync(bits, { level });
      if (packed.length > LIMITS.listBytes) continue;
      expect(equal(decodeStatusList(payloadWith(packed)).bits, bits)).toBe(true);
    }
  });

  test('one byte more is OVERSIZED', () => {
    expect(codeOf(() => withBits(new Uint8Array(LIMITS.listEntries / 8 + 1)))).toBe('OVERSIZED');
  });

  test('a bomb of a thousand to one is OVERSIZED', () => {
    // Nothing but zeros: 40 MB in 40 kB, which fits the bound on compressed data.
    const packed = zlibSync(new Uint8Array(40_000_000), { level: 9 });
    expect(packed.length).toBeLessThan(LIMITS.listBytes);
    expect(codeOf(() => decodeStatusList(payloadWith(packed)))).toBe('OVERSIZED');
  });
});

describe('the signature of a list (TS-LST-1)', () => {
  const verdict = (wire: Uint8Array, signer = operatorKey.certificate): string =>
    codeOf(() => runChecking(checkStatusList(wire, signer), softwareVerify));

  test('holds under the key of the operator', () => {
    const list = runChecking(
      checkStatusList(listSample.wire, operatorKey.certificate),
      softwareVerify,
    );
    expect(list).toEqual(listFields);
    expect(verdict(listSample.wire, issuerA.certificate)).toBe('UNKNOWN_CERTIFICATE');
    const named = { ...issuerA, certificate: operatorKey.certificate };
    const forged = unsignedStatusList(listFields, {
      alg: named.signer.key.alg,
      ref: named.certificate.ref,
    });
    expect(verdict(sign(forged, named.signer))).toBe('BAD_SIGNATURE');
  });

  test('never counts under the key of a purse (TS-CRT-6)', () => {
    const by = { alg: alice.signer.key.alg, ref: alice.certificate.ref };
    const own = sign(unsignedStatusList(listFields, by), alice.signer);
    expect(verdict(own, alice.certificate)).toBe('WRONG_ROLE');
  });

  test('is bound to its type: a list is no other message, and none is a list', () => {
    const { alg, kid, payload } = listSample.record;
    const untyped = sign({ alg, kid, payload, external: NO_EXTERNAL }, operatorKey.signer);
    expect(verdict(untyped)).toBe('MISSING_FIELD');
    expect(messageOf(() => decodeSigned(listSample.wire))).toContain('unknown header');
    const renamed = { alg, kid, payload, external: NO_EXTERNAL, typ: 'application/cwt' };
    expect(verdict(sign(renamed, operatorKey.signer))).toBe('WRONG_KIND');
    const signed = decodeSigned(listSample.wire, NO_EXTERNAL, { typ: STATUS_LIST_TYPE });
    const stripped = encodeSigned({
      alg,
      kid,
      payload,
      external: NO_EXTERNAL,
      signature: signed.signature,
    });
    expect(verdict(stripped)).toBe('MISSING_FIELD');
  });

  test('another kind of payload under the type of a list is refused', () => {
    const typed = {
      ...unsigned(operatorKey.signer.key.alg, operatorKey.certificate.ref, [2, 1]),
      typ: STATUS_LIST_TYPE,
    };
    expect(verdict(sign(typed, operatorKey.signer))).toBe('WRONG_KIND');
  });
});
