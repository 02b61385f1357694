import {
  type Bytes,
  cutDelta,
  encodeSigned,
  ES256,
  LIMITS,
  packedBytes,
  statusBits,
  toBeSigned,
  type Unsigned,
  unsignedStatusDelta,
  unsignedStatusList,
} from '@tallystick/protocol';
import { seededRandom } from '@tallystick/tre';
import type { Group } from '../group.ts';
import { type NativeKey, nativeKey } from '../native-key.ts';
import { type Row, row } from '../row.ts';
import { entropyBytes } from './entropy.ts';

const MILLION = 1_000_000;
const HUNDRED_MILLION = 100_000_000;
/** One in so many is revoked. */
const ONE_IN = 1_000;
const NEWEST = 100;
/** Seconds since 1970; how long a list is does not depend on it. */
const ISSUED_AT = 1_790_000_000;

/** What the operator signs with; a reference is as long as any. */
const SIGNER = { alg: ES256, ref: new Uint8Array(8).fill(1) } as const;

/**
 * Bytes that say which certificates are revoked, one in a thousand and evenly spread, beside the
 * entropy of that: a whole list, and what a delta says, signed. A hundred million certificates are
 * more than one list holds: they take twelve, and of deltas only the set is measured (`set`), which
 * knows no bound.
 */
export const LIST: Group = {
  name: 'list',
  rows: [
    'million/full',
    'million/delta-newest-100',
    'million/delta-all',
    'million/set-newest-100',
    'million/set-all',
    'hundred-million/full',
    'hundred-million/set-newest-100',
    'hundred-million/set-all',
  ],
  measure: async ({ begin }) => {
    begin('status lists');
    const key = nativeKey();
    const million = drawn(MILLION);
    const hundred = drawn(HUNDRED_MILLION);
    return [
      ...fullRows('million', MILLION, million, key),
      ...deltaRows('million', MILLION, million, key),
      ...setRows('million', MILLION, million),
      ...fullRows('hundred-million', HUNDRED_MILLION, hundred, key),
      ...setRows('hundred-million', HUNDRED_MILLION, hundred),
    ];
  },
};

/** Indices of revoked certificates, in the order in which they were revoked. */
function drawn(certificates: number): readonly number[] {
  const random = seededRandom(`revoked ${certificates}`);
  const chosen = new Set<number>();
  while (chosen.size < certificates / ONE_IN) {
    const [number = 0] = new Uint32Array(random(4).slice().buffer);
    chosen.add(Math.floor((number / 2 ** 32) * certificates));
  }
  return [...chosen];
}

const ascending = (indices: readonly number[]): number[] => indices.toSorted((a, b) => a - b);

/** As many whole lists as it takes. */
function fullRows(
  name: string,
  certificates: number,
  revoked: readonly number[],
  key: NativeKey,
): Row[] {
  let bytes = 0;
  for (let from = 0; from < certificates; from += LIMITS.listEntries) {
    const here = revoked.filter((index) => index >= from && index < from + LIMITS.listEntries);
    const list = {
      uri: 'https://issuer.example/v1/status-list',
      issuedAt: ISSUED_AT,
      version: 1,
      bits: statusBits(here.map((index) => index - from)),
    };
    bytes += signed(unsignedStatusList(list, SIGNER), key).length;
  }
  return [row(`list/${name}/full`, bytes, 'B', entropyBytes(certificates, revoked.length))];
}

/** Signed deltas with room for everything. */
function deltaRows(
  name: string,
  certificates: number,
  revoked: readonly number[],
  key: NativeKey,
): Row[] {
  const delta = (count: number): number => {
    const revocations = revoked.slice(-count).map((statusIndex) => ({ version: 2, statusIndex }));
    const history = { since: 1, version: 2, issuedAt: ISSUED_AT, revocations };
    const cut = cutDelta(history, SIGNER, LIMITS.messageBytes);
    if (cut?.revoked.length !== count) throw new Error(`no delta holds ${count} revocations`);
    return signed(unsignedStatusDelta(cut, SIGNER), key).length;
  };
  return sizes(`${name}/delta`, certificates, revoked, delta);
}

/** The sets in deltas alone. */
function setRows(name: string, certificates: number, revoked: readonly number[]): Row[] {
  const set = (count: number): number => packedBytes(ascending(revoked.slice(-count)));
  return sizes(`${name}/set`, certificates, revoked, set);
}

function sizes(
  name: string,
  certificates: number,
  { length }: readonly number[],
  bytesOf: (count: number) => number,
): Row[] {
  const size = (which: string, count: number): Row =>
    row(`list/${name}-${which}`, bytesOf(count), 'B', entropyBytes(certificates, count));
  return [size('newest-100', NEWEST), size('all', length)];
}

function signed(message: Unsigned, key: NativeKey): Bytes {
  return encodeSigned({ ...message, signature: key.sign(toBeSigned(message)) });
}
