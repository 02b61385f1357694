import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Algorithm, ED25519, ES256, ML_DSA_44, runChecking } from './algorithm.ts';
import { encodeFrame } from './frame.ts';
import { LIMITS } from './limits.ts';
import { softwareVerify } from './software.ts';
import {
  checkStatusDelta,
  cutDelta,
  extendKnown,
  type History,
  type Known,
  type Revocation,
  type StatusDelta,
  statusDelta,
  unsignedStatusDelta,
} from './status-delta.ts';
import { codeOf } from './testing/outcome.ts';
import { alice, issuerA, operatorKey } from './vectors/cast.ts';
import { deltaSample, filler } from './vectors/samples.ts';
import { sign } from './vectors/signer.ts';

const signer: { readonly alg: Algorithm; readonly ref: Uint8Array } = {
  alg: ES256,
  ref: filler(8, 1),
};
const ROOMY = LIMITS.messageBytes;

/** What a scheme revoked, version by version: everything up to a version is its list. */
interface World {
  readonly versions: readonly (readonly number[])[];
}
const worlds: fc.Arbitrary<World> = fc
  .uniqueArray(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 60 })
  .chain((indices) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 }).map((sizes) => {
      let at = 0;
      return { versions: sizes.map((size) => indices.slice(at, (at += size))) };
    }),
  );

const ascending = (indices: Iterable<number>): number[] => [...indices].toSorted((a, b) => a - b);

/** The list of a version; versions count from 1, and 0 has none. */
function listOf({ versions }: World, version: number): number[] {
  return ascending(versions.slice(0, version).flat());
}

function historyOf({ versions }: World, since: number, version: number): History {
  const revocations = versions
    .flatMap((indices, at): Revocation[] =>
      indices.map((statusIndex) => ({ version: at + 1, statusIndex })),
    )
    .filter((each) => each.version > since && each.version <= version)
    .toReversed();
  return { since, version, issuedAt: version, revocations };
}

function present(delta: StatusDelta | null): StatusDelta {
  if (delta === null) throw new Error('no delta fits');
  return delta;
}

/** How long a delta is once signed. */
function lengthOf(delta: StatusDelta): number {
  return sign(unsignedStatusDelta(delta, signer), operatorKey.signer).length;
}

const span = fc.tuple(fc.nat(12), fc.nat(12)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);

describe('a delta with room for everything (TS-LST-6)', () => {
  test('leads from one list to a later one', () => {
    fc.assert(
      fc.property(worlds, span, (world, [since = 0, version = 0]) => {
        const delta = present(cutDelta(historyOf(world, since, version), signer, ROOMY));
        const known = { version: since, revoked: listOf(world, since) };
        expect(extendKnown(known, delta)).toEqual({ version, revoked: listOf(world, version) });
      }),
      { seed: 31 },
    );
  });
});

describe('a delta cut to a budget (TS-LST-9)', () => {
  const cuts = fc.tuple(worlds, span, fc.integer({ min: 110, max: 180 }));

  test('keeps to it, and takes the newest', () => {
    fc.assert(
      fc.property(cuts, ([world, [since = 0, version = 0], budget]) => {
        const history = historyOf(world, since, version);
        const delta = cutDelta(history, signer, budget);
        if (delta === null) return;
        expect(lengthOf(delta)).toBeLessThanOrEqual(budget);
        const newest = history.revocations.slice(0, delta.revoked.length);
        expect(delta.revoked).toEqual(ascending(newest.map(({ statusIndex }) => statusIndex)));
      }),
      { seed: 32 },
    );
  });

  test('names everything after its base', () => {
    fc.assert(
      fc.property(cuts, ([world, [since = 0, version = 0], budget]) => {
        const delta = cutDelta(historyOf(world, since, version), signer, budget);
        if (delta === null) return;
        const before = new Set(listOf(world, delta.base));
        const missing = listOf(world, version).filter(
          (index) => !before.has(index) && !delta.revoked.includes(index),
        );
        expect(missing).toEqual([]);
        expect(delta.base).toBeGreaterThanOrEqual(since);
      }),
      { seed: 33 },
    );
  });

  test('puts culprits first where a version does not fit whole', () => {
    const revocations = Array.from({ length: 2_000 }, (_, index) => ({
      version: 9,
      // The order is the caller's: three culprits, then the rest.
      statusIndex: index < 3 ? 8_000_000 + index : index * 1_000,
    }));
    const history = { since: 8, version: 9, issuedAt: 1, revocations };
    const delta = present(cutDelta(history, signer, LIMITS.deltaCodeBytes));
    expect(delta.revoked.slice(-3)).toEqual([8_000_000, 8_000_001, 8_000_002]);
    expect(delta).toMatchObject({ base: 9, version: 9 });
    // One more would not have fitted.
    const next = revocations.slice(0, delta.revoked.length + 1);
    const longer = { ...delta, revoked: ascending(next.map((each) => each.statusIndex)) };
    expect(lengthOf(longer)).toBeGreaterThan(LIMITS.deltaCodeBytes);
    expect(delta.revoked.length).toBeGreaterThan(80);
    const wire = sign(unsignedStatusDelta(delta, signer), operatorKey.signer);
    expect(encodeFrame({ kind: 9, delta: wire, certificate: null }).length).toBeLessThanOrEqual(
      300,
    );
  });

  test('carries no more than its bound, and nothing where nothing fits', () => {
    const revocations = Array.from({ length: LIMITS.deltaEntries + 5 }, (_, index) => ({
      version: 2,
      statusIndex: index,
    }));
    const history = { since: 1, version: 2, issuedAt: 1, revocations };
    const delta = present(cutDelta(history, signer, ROOMY));
    expect(delta.revoked).toHaveLength(LIMITS.deltaEntries);
    expect(delta.base).toBe(2);
    expect(cutDelta(history, signer, 90)).toBeNull();
    expect(cutDelta(history, { alg: ML_DSA_44, ref: filler(8, 1) }, 294)).toBeNull();
    expect(cutDelta(history, { alg: ED25519, ref: filler(8, 1) }, 294)).not.toBeNull();
  });
});

describe('what a device knows (TS-LST-8)', () => {
  test('has everything its version says, whatever deltas came in whatever order', () => {
    const told = fc.array(fc.tuple(span, fc.integer({ min: 108, max: 200 })), { maxLength: 12 });
    fc.assert(
      fc.property(worlds, fc.nat(12), told, (world, start, deltas) => {
        let known: Known = { version: start, revoked: listOf(world, start) };
        for (const [[since = 0, version = 0], budget] of deltas) {
          const delta = cutDelta(historyOf(world, since, version), signer, budget);
          if (delta === null) continue;
          const next = extendKnown(known, delta);
          expect(next.version).toBeGreaterThanOrEqual(known.version);
          expect(next.revoked).toEqual(ascending(new Set([...known.revoked, ...delta.revoked])));
          known = next;
        }
        const all = new Set(known.revoked);
        expect(listOf(world, known.version).filter((index) => !all.has(index))).toEqual([]);
      }),
      { seed: 21, numRuns: 500 },
    );
  });

  test('does not rise over a gap, though what is named is refused from then on', () => {
    const delta = { base: 5, version: 7, issuedAt: 1, revoked: [9] };
    expect(extendKnown({ version: 4, revoked: [1] }, delta)).toEqual({
      version: 4,
      revoked: [1, 9],
    });
    expect(extendKnown({ version: 5, revoked: [1] }, delta).version).toBe(7);
    expect(extendKnown({ version: 8, revoked: [1, 9] }, delta).version).toBe(8);
  });
});

describe('the signature of a delta', () => {
  const check = (bytes: Uint8Array, by = operatorKey): StatusDelta =>
    runChecking(checkStatusDelta(bytes, by.certificate), softwareVerify);

  test('is that of an issuing key', () => {
    expect(check(deltaSample.wire)).toEqual(deltaSample.fields);
    expect(codeOf(() => check(deltaSample.wire, issuerA))).toBe('UNKNOWN_CERTIFICATE');
    expect(codeOf(() => check(sign(deltaSample.record, alice.signer)))).toBe('BAD_SIGNATURE');
    const own = { ...deltaSample.record, kid: alice.certificate.ref };
    expect(codeOf(() => check(sign(own, alice.signer), alice))).toBe('WRONG_ROLE');
  });

  test('covers a base that is not after the version', () => {
    const late = statusDelta.encode({ ...deltaSample.fields, base: 15 });
    expect(codeOf(() => statusDelta.decode(late, 'delta'))).toBe('BAD_FIELD');
  });
});
