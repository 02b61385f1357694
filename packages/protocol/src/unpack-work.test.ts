import type * as Fflate from 'fflate';
import { zlibSync } from 'fflate';
import { beforeEach, expect, test, vi } from 'vitest';
import { runChecking } from './algorithm.ts';
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts';
import { LIMITS } from './limits.ts';
import { softwareVerify } from './software.ts';
import { checkStatusList, decodeStatusList, encodeStatusList } from './status-list.ts';
import { codeOf } from './testing/outcome.ts';
import { alice, operatorKey } from './vectors/cast.ts';
import { listFields, listSample } from './vectors/samples.ts';
import { sign } from './vectors/signer.ts';

/** How much work a status list makes (TS-LST-2): packed bytes that reach the inflater. */
const work = vi.hoisted(() => ({ bytes: 0 }));
vi.mock('fflate', async (original) => {
  const real = await original<typeof Fflate>();
  class Unzlib extends real.Unzlib {
    override push(chunk: Uint8Array, isLast?: boolean): void {
      work.bytes += chunk.length;
      super.push(chunk, isLast);
    }
  }
  function unzlibSync(packed: Uint8Array, options: object): Uint8Array {
    work.bytes += packed.length;
    return real.unzlibSync(packed, options);
  }
  return { ...real, Unzlib, unzlibSync };
});
beforeEach(() => {
  work.bytes = 0;
});

/** What the inflater is given at once, and what a full list of one byte repeated takes. */
const SLICE = 256;
const FULL = LIMITS.listEntries / 8 / 1_032;

const BOMB = zlibSync(new Uint8Array(48_000_000), { level: 9 });
const EVERYBODY = zlibSync(new Uint8Array(LIMITS.listEntries / 8).fill(0xff), { level: 9 });
const NOBODY = zlibSync(new Uint8Array(1), { level: 9 });

/** The payload of a list with these packed bits. */
function payloadWith(packed: Uint8Array): Uint8Array {
  const claims = decodeCbor(encodeStatusList(listFields)) as Map<number, Cbor>;
  const lst = new Map<string, Cbor>([
    ['bits', 1],
    ['lst', packed],
  ]);
  return encodeCbor(claims.set(65533, lst));
}

test('a bomb is left alone one slice past the bound', () => {
  expect(BOMB.length).toBeGreaterThan(46_000);
  expect(codeOf(() => decodeStatusList(payloadWith(BOMB)))).toBe('OVERSIZED');
  expect(work.bytes).toBeLessThanOrEqual(FULL + 2 * SLICE);
});

test.each([
  ['a list of nobody', NOBODY, 1],
  ['a list of everybody', EVERYBODY, LIMITS.listEntries / 8],
])('%s is unpacked in one pass', (_, packed, length) => {
  expect(decodeStatusList(payloadWith(packed)).bits.length).toBe(length);
  expect(work.bytes).toBe(packed.length);
});

test('what is no zlib data is looked at once', () => {
  const packed = new Uint8Array(LIMITS.listBytes).fill(7);
  expect(codeOf(() => decodeStatusList(payloadWith(packed)))).toBe('BAD_FIELD');
  expect(work.bytes).toBeLessThanOrEqual(SLICE);
});

test.each([
  ['names everybody', EVERYBODY],
  ['is a bomb', BOMB],
  ['is no zlib data', new Uint8Array(LIMITS.listBytes)],
])('a forged list that %s fails by its signature, and is not unpacked', (_, packed) => {
  const forged = sign({ ...listSample.record, payload: payloadWith(packed) }, alice.signer);
  const { certificate } = operatorKey;
  expect(codeOf(() => runChecking(checkStatusList(forged, certificate), softwareVerify))).toBe(
    'BAD_SIGNATURE',
  );
  expect(work.bytes).toBe(0);
});
