import { ED25519, ES256, normaliseSignature, type SignatureCheck } from '@tallystick/protocol';
import { softwarePublicKey, softwareSign } from '@tallystick/protocol/software';
import { array, assert, constantFrom, property, record, uint8Array } from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { createNativeVerifier } from './native.ts';
import { pack, packedLength, unpack } from './packing.ts';
import { startPool, VerificationUnavailable } from './pool.ts';
import { verifyInSoftware } from './software.ts';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function secret(seed: number): Uint8Array {
  return new Uint8Array(32).fill(seed + 1);
}

function signed(alg: typeof ES256 | typeof ED25519, seed: number, text: string): SignatureCheck {
  const message = new TextEncoder().encode(text);
  const key = softwarePublicKey(alg, secret(seed));
  return { key, message, signature: softwareSign(alg, secret(seed), message) };
}

function withFlippedBit(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
}

function highS(signature: Uint8Array): Uint8Array {
  const low = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`);
  const high = (ORDER - low).toString(16).padStart(64, '0');
  return new Uint8Array([...signature.subarray(0, 32), ...Buffer.from(high, 'hex')]);
}

/** Checks that hold and checks that fail, for every reason we know. */
function samples(): { check: SignatureCheck; holds: boolean }[] {
  const es = signed(ES256, 1, 'one');
  const ed = signed(ED25519, 2, 'two');
  const other = signed(ES256, 3, 'one');
  const notAPoint = { alg: ES256, bytes: new Uint8Array(33).fill(2) } as const;
  return [
    { check: es, holds: true },
    { check: ed, holds: true },
    { check: { ...es, message: withFlippedBit(es.message, 0) }, holds: false },
    { check: { ...ed, message: withFlippedBit(ed.message, 0) }, holds: false },
    { check: { ...es, signature: withFlippedBit(es.signature, 40) }, holds: false },
    { check: { ...ed, signature: withFlippedBit(ed.signature, 5) }, holds: false },
    { check: { ...es, key: other.key }, holds: false },
    { check: { ...es, key: notAPoint }, holds: false },
    { check: { ...es, signature: highS(es.signature) }, holds: false },
    { check: { ...es, signature: new Uint8Array(64) }, holds: false },
    { check: { ...ed, signature: ed.signature.slice(1) }, holds: false },
    { check: { ...ed, message: new Uint8Array(0) }, holds: false },
  ];
}

const SAMPLES = samples();
const pool = startPool({ workers: 2, keysMax: 3 });
afterAll(() => pool.close());

describe('native and software verification', () => {
  test('agree on every sample (TS-SIG-3, TS-SIG-4)', () => {
    const verify = createNativeVerifier(2);
    const checks = SAMPLES.map(({ check }) => check);
    const expected = SAMPLES.map(({ holds }) => holds);
    expect(checks.map(verify)).toEqual(expected);
    expect(verifyInSoftware(checks)).toEqual(expected);
  });

  test('a high-S signature is the low-S one in another form, and is refused', () => {
    const check = signed(ES256, 1, 'one');
    expect(normaliseSignature(ES256, highS(check.signature))).toEqual(check.signature);
    expect(createNativeVerifier(1)({ ...check, signature: highS(check.signature) })).toBe(false);
  });

  test('agree on signatures of every length that DER gives them, and on each bent anywhere', () => {
    const verify = createNativeVerifier(2);
    const all = Array.from({ length: 500 }, (_, index) => signed(ES256, 1, `message ${index}`));
    expect(all.every((check) => verify(check))).toBe(true);
    const short = all.filter(({ signature }) => signature[0] === 0 || signature[32] === 0);
    expect(short.some(({ signature }) => signature[0] === 0)).toBe(true);
    expect(short.some(({ signature }) => signature[32] === 0)).toBe(true);
    const bent = [...short, ...all.slice(0, 10)].flatMap((check, index) =>
      [0, 31, 32, 63, index % 64].map((at) => ({
        ...check,
        signature: withFlippedBit(check.signature, at),
      })),
    );
    const checks = [...short, ...bent];
    expect(checks.map(verify)).toEqual(verifyInSoftware(checks));
    expect(bent.some(verify)).toBe(false);
  });

  test('agree on numbers at the border and beyond, as signatures and as keys', () => {
    const verify = createNativeVerifier(2);
    const check = signed(ES256, 1, 'one');
    const numbers = [0n, 1n, ORDER >> 1n, ORDER - 1n, ORDER, ORDER + 1n, (1n << 256n) - 1n];
    const bytes = numbers.map((each) => Buffer.from(each.toString(16).padStart(64, '0'), 'hex'));
    const signatures = bytes.flatMap((r) =>
      [...bytes, check.signature.subarray(32)].map((s) => Uint8Array.of(...r, ...s)),
    );
    const prefixes = [0, 1, 2, 3, 4, 5, 6, 7, 0x82];
    const xs = [...bytes, Buffer.alloc(32, 2), Buffer.from(check.key.bytes.subarray(1))];
    const keys = prefixes.flatMap((prefix) => xs.map((x) => Uint8Array.of(prefix, ...x)));
    const checks = [
      ...signatures.map((signature) => ({ ...check, signature })),
      ...keys.map((key) => ({ ...check, key: { alg: ES256, bytes: key } as const })),
    ];
    const verdicts = checks.map(verify);
    expect(verdicts).toEqual(verifyInSoftware(checks));
    // Its own key, among all of them.
    expect(verdicts.filter(Boolean)).toHaveLength(1);
  });
});

describe('packing', () => {
  test('gives back any checks it was given', () => {
    const bytes = uint8Array({ maxLength: 300 });
    const check = record({
      key: record({ alg: constantFrom(ES256, ED25519), bytes }),
      message: bytes,
      signature: bytes,
    });
    assert(
      property(array(check, { maxLength: 20 }), (checks) => {
        const buffer = new SharedArrayBuffer(packedLength(checks));
        pack(checks, buffer);
        const back = [...unpack(buffer, checks.length)].map(({ key, message, signature }) => ({
          key: { alg: key.alg, bytes: Uint8Array.from(key.bytes) },
          message: Uint8Array.from(message),
          signature: Uint8Array.from(signature),
        }));
        expect(back).toEqual(checks);
      }),
      { seed: 1 },
    );
  });
});

describe('the pool', () => {
  test('gives every caller the verdicts of its own checks, in order', async () => {
    const callers = Array.from({ length: 40 }, (_, caller) =>
      Array.from({ length: caller % 7 }, (_, index) => {
        return SAMPLES[(caller + index) % 12]!;
      }),
    );
    const verdicts = await Promise.all(
      callers.map((checks) => pool.verifyMany(checks.map(({ check }) => check))),
    );
    expect(verdicts).toEqual(callers.map((checks) => checks.map(({ holds }) => holds)));
  });

  test('spreads a batch larger than any buffer, with more keys than it remembers', async () => {
    const large = Array.from({ length: 1_500 }, (_, index) => SAMPLES[index % 12]!);
    const wide = { ...signed(ED25519, 4, 'x'.repeat(600_000)) };
    const verdicts = await pool.verifyMany([...large.map(({ check }) => check), wide]);
    expect(verdicts).toEqual([...large.map(({ holds }) => holds), true]);
  });

  test('a worker that dies fails its batch alone, and is replaced', async () => {
    const failures: Error[] = [];
    const fragile = startPool({
      workers: 1,
      program: new URL('./testing/fragile.worker.ts', import.meta.url),
      onFailure: (error) => failures.push(error),
    });
    const good = signed(ES256, 1, 'one');
    const poison = { ...good, message: new TextEncoder().encode('die') };
    await expect(fragile.verifyMany([good])).resolves.toEqual([true]);
    await expect(fragile.verifyMany([poison])).rejects.toThrow(VerificationUnavailable);
    await expect(fragile.verifyMany([good])).resolves.toEqual([true]);
    expect(failures).toHaveLength(1);
    await fragile.close();
  });

  test('gives up on a program that never works, and says so', async () => {
    const failures: Error[] = [];
    const broken = startPool({
      workers: 2,
      program: new URL('./testing/no-such-program.ts', import.meta.url),
      onFailure: (error) => failures.push(error),
    });
    const check = signed(ES256, 1, 'one');
    const attempts = Array.from({ length: 6 }, () => broken.verifyMany([check]).catch(String));
    const outcomes = await Promise.all(attempts);
    expect(outcomes.every((outcome) => String(outcome).startsWith('VerificationUnavail'))).toBe(
      true,
    );
    expect(failures.length).toBeLessThanOrEqual(6);
    await broken.close();
  });

  test('refuses work once closed', async () => {
    const closing = startPool({ workers: 1 });
    await closing.close();
    await expect(closing.verifyMany([signed(ES256, 1, 'one')])).rejects.toThrow('closed');
  });
});
