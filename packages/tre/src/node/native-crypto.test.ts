import { type KeyObject, verify as engineVerify } from 'node:crypto';
import { type Algorithm, ED25519, ES256, ML_DSA_44 } from '@tallystick/protocol';
import {
  softwarePublicKey,
  softwareSecretKey,
  softwareSign,
  softwareVerify,
} from '@tallystick/protocol/software';
import { forged, hostileKey } from '@tallystick/protocol/vectors/material';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../memory/random.ts';
import { generateKey, nativeSign, nativeVerifier, publicHalf } from './native-crypto.ts';

const random = seededRandom('native cryptography');
const message = random(100);

function keyOf(alg: Algorithm): KeyObject {
  const key = generateKey(alg);
  if (key === null) throw new Error(`no key for algorithm ${alg}`);
  return key;
}

/** A signature made in plain JavaScript. */
function signed(alg: Algorithm): {
  key: ReturnType<typeof softwarePublicKey>;
  signature: Uint8Array;
} {
  const secret = softwareSecretKey(alg, random(48));
  return { key: softwarePublicKey(alg, secret), signature: softwareSign(alg, secret, message) };
}

describe.each([ES256, ED25519] as const)('native cryptography of algorithm %i', (alg) => {
  it('signs what plain JavaScript verifies', () => {
    const secret = keyOf(alg);
    const key = publicHalf(secret);
    expect(key.alg).toBe(alg);
    for (let count = 0; count < 8; count++) {
      const signature = nativeSign(secret, message);
      expect(softwareVerify({ key, message, signature })).toBe(true);
    }
  });

  it('agrees with plain JavaScript on every flipped bit of key and signature', () => {
    const verify = nativeVerifier(4);
    const { key, signature } = signed(alg);
    expect(verify({ key, message, signature })).toBe(true);
    for (let bit = 0; bit < 64 * 8; bit += 5) {
      const bent = signature.slice();
      bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verify({ key, message, signature: bent })).toBe(false);
    }
    for (let bit = 8; bit < key.bytes.length * 8; bit += 5) {
      const bytes = key.bytes.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const check = { key: { alg, bytes }, message, signature };
      expect(verify(check)).toBe(softwareVerify(check));
    }
    expect(verify({ key, message: message.slice(1), signature })).toBe(false);
    expect(verify({ key, message, signature: signature.slice(1) })).toBe(false);
  });

  it('verifies with more keys than it keeps', () => {
    const verify = nativeVerifier(2);
    const all = [signed(alg), signed(alg), signed(alg)];
    for (const { key, signature } of [...all, ...all.toReversed()]) {
      expect(verify({ key, message, signature })).toBe(true);
    }
  });
});

describe('native cryptography', () => {
  it('refuses the high form of an ES256 signature (TS-SIG-4)', () => {
    const { key, signature } = signed(ES256);
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`);
    const high = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex');
    const check = { key, message, signature: Uint8Array.of(...signature.subarray(0, 32), ...high) };
    expect(nativeVerifier(1)(check)).toBe(false);
    expect(softwareVerify(check)).toBe(false);
  });

  it('signs what the engine reads as the same two numbers, of whatever length', () => {
    const secret = keyOf(ES256);
    for (let count = 0; count < 500; count++) {
      const signature = nativeSign(secret, message);
      const options = { key: secret, dsaEncoding: 'ieee-p1363' } as const;
      expect(engineVerify('sha256', message, options, signature)).toBe(true);
    }
  });

  it('has no key for ML-DSA-44, and verifies none of its signatures', () => {
    expect(generateKey(ML_DSA_44)).toBeNull();
    const key = { alg: ML_DSA_44, bytes: new Uint8Array(1_312) } as const;
    expect(nativeVerifier(1)({ key, message, signature: new Uint8Array(64) })).toBe(false);
  });
});

describe('Ed25519 signatures on which libraries differ (TS-ALG-5)', () => {
  const scalars = [0n, 4_242n];
  const eighths = [0, 1, 2, 3, 4, 5, 6, 7];
  const forgings = scalars.flatMap((scalar) =>
    eighths.flatMap((ofKey) =>
      scalars.flatMap((nonce) =>
        eighths.map((each) => ({ key: hostileKey(scalar, ofKey), scalar, nonce, eighths: each })),
      ),
    ),
  );

  it('are judged alike, natively and in plain JavaScript', () => {
    const verify = nativeVerifier(32);
    const holding = forgings.filter((forging) => {
      const signature = forged(forging, message);
      const check = { key: { alg: ED25519, bytes: forging.key }, message, signature } as const;
      expect(verify(check)).toBe(softwareVerify(check));
      return verify(check);
    });
    expect(holding.length).toBeGreaterThan(0);
    // Nothing of small order holds, whatever the library of this Node says.
    expect(holding.filter(({ scalar, nonce }) => scalar === 0n || nonce === 0n)).toEqual([]);
  });
});
