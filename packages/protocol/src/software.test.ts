import { describe, expect, test } from 'vitest';
import { ED25519, ES256, ML_DSA_44, publicKey } from './algorithm.ts';
import { toHex } from './bytes.ts';
import { softwarePublicKey, softwareSecretKey, softwareSign, softwareVerify } from './software.ts';
import { hex } from './testing/outcome.ts';
import { forged, hostileKey } from './vectors/edwards.ts';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('ES256', () => {
  // RFC 6979 §A.2.5: P-256, SHA-256, message "sample" and "test".
  const secret = hex('C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721');
  const key = softwarePublicKey(ES256, secret);

  test.each([
    [
      'sample',
      'EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716',
      'F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8',
    ],
    [
      'test',
      'F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367',
      '019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083',
    ],
  ])('signs "%s" as RFC 6979 does, with S brought low', (message, r, s) => {
    const full = BigInt(`0x${s}`);
    const low = full > ORDER / 2n ? ORDER - full : full;
    const made = softwareSign(ES256, secret, text(message));
    expect(toHex(made)).toBe((r + low.toString(16).padStart(64, '0')).toLowerCase());
    expect(softwareVerify({ key, message: text(message), signature: made })).toBe(true);
  });

  test('names the key of RFC 6979', () => {
    expect(toHex(key.bytes)).toBe(
      '0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6',
    );
  });

  const message = text('sample');
  const signature = softwareSign(ES256, secret, message);
  const refuses = (bytes: Uint8Array, wrong: Uint8Array = signature): boolean =>
    !softwareVerify({ key: publicKey(ES256, bytes), message, signature: wrong });

  test.each([
    ['x over the field', `02${'ff'.repeat(32)}`],
    ['x of the prime itself', '02ffffffff00000001000000000000000000000000ffffffffffffffffffffffff'],
    // 5 is no x of a point: 5³ − 3·5 + b has no square root.
    ['x of no point', `02${'00'.repeat(31)}05`],
    ['x of zero, with the wrong key', `02${'00'.repeat(32)}`],
    ['another point', '036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296'],
  ])('refuses a key with %s', (_name, bytes) => {
    expect(refuses(hex(bytes))).toBe(true);
  });

  test.each([
    ['both zero', '00'.repeat(64)],
    ['r zero', '00'.repeat(32) + toHex(signature.subarray(32))],
    ['s zero', toHex(signature.subarray(0, 32)) + '00'.repeat(32)],
    ['r of the order', ORDER.toString(16) + toHex(signature.subarray(32))],
    ['s of the order', toHex(signature.subarray(0, 32)) + ORDER.toString(16)],
    ['all ones', 'ff'.repeat(64)],
    ['nothing', ''],
    ['one byte less', toHex(signature.subarray(1))],
    ['one byte more', `${toHex(signature)}00`],
  ])('refuses a signature of %s', (_name, bytes) => {
    expect(refuses(key.bytes, hex(bytes))).toBe(true);
  });
});

describe('Ed25519', () => {
  // RFC 8032 §7.1, tests 1 and 3.
  test.each([
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ])('signs as RFC 8032 does', (secret, key, message, signature) => {
    expect(toHex(softwarePublicKey(ED25519, hex(secret)).bytes)).toBe(key);
    expect(toHex(softwareSign(ED25519, hex(secret), hex(message)))).toBe(signature);
    const check = { key: publicKey(ED25519, hex(key)), message: hex(message) };
    expect(softwareVerify({ ...check, signature: hex(signature) })).toBe(true);
    expect(softwareVerify({ ...check, message: hex('00'), signature: hex(signature) })).toBe(false);
  });

  const secret = new Uint8Array(32).fill(7);
  const key = softwarePublicKey(ED25519, secret);
  const message = text('sample');
  const signature = softwareSign(ED25519, secret, message);
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;

  function littleEndian(value: bigint): Uint8Array {
    return hex(value.toString(16).padStart(64, '0')).reverse();
  }

  test('refuses S beyond the order, which a lax verifier takes for another spelling', () => {
    const s = BigInt(`0x${toHex(signature.slice(32).reverse())}`);
    const spelled = Uint8Array.of(...signature.subarray(0, 32), ...littleEndian(s + L));
    expect(softwareVerify({ key, message, signature: spelled })).toBe(false);
    expect(softwareVerify({ key, message, signature })).toBe(true);
  });

  // Under a key of small order, a signature of zero S holds for any message unless it is refused.
  const SMALL_ORDER = [
    `01${'00'.repeat(31)}`,
    '00'.repeat(32),
    `${'00'.repeat(31)}80`,
    `ec${'ff'.repeat(30)}7f`,
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  ];
  test.each(SMALL_ORDER)('refuses the key of small order %s', (point) => {
    for (const r of SMALL_ORDER) {
      const forged = hex(r + '00'.repeat(32));
      expect(
        softwareVerify({ key: publicKey(ED25519, hex(point)), message, signature: forged }),
      ).toBe(false);
    }
  });

  // Sums of small-order points and honest ones: a verifier with cofactor takes all of these.
  test('holds by the plain equation alone, as native verifiers do (TS-ALG-5)', () => {
    const scalar = 12_345n;
    const commitments = [0, 1, 2, 3, 4, 5, 6, 7];
    const verdicts = commitments.map((eighths) => {
      const forging = { key: hostileKey(scalar, 0), scalar, nonce: 99n, eighths };
      const check = { key: publicKey(ED25519, forging.key), message };
      return softwareVerify({ ...check, signature: forged(forging, message) });
    });
    expect(verdicts).toEqual(commitments.map((eighths) => eighths === 0));
  });

  test.each([
    ['a coordinate over the field', `ee${'ff'.repeat(30)}7f`],
    ['a spelling of one over the field', `ee${'ff'.repeat(30)}ff`],
    ['no point at all', `02${'00'.repeat(31)}`],
  ])('refuses a key with %s', (_name, bytes) => {
    const hostile = publicKey(ED25519, hex(bytes));
    expect(softwareVerify({ key: hostile, message, signature })).toBe(false);
    const zero = hex(`01${'00'.repeat(63)}`);
    expect(softwareVerify({ key: hostile, message, signature: zero })).toBe(false);
  });
});

describe('what software cannot do', () => {
  test('ML-DSA-44 verifies nothing and signs nothing', () => {
    const key = publicKey(ML_DSA_44, new Uint8Array(1312));
    const message = text('sample');
    expect(softwareVerify({ key, message, signature: new Uint8Array(2420) })).toBe(false);
    expect(() => softwareSign(ML_DSA_44, new Uint8Array(32), message)).toThrow(RangeError);
    expect(() => softwarePublicKey(ML_DSA_44, new Uint8Array(32))).toThrow(RangeError);
  });
});

test.each([ES256, ED25519] as const)(
  'a secret key of algorithm %d comes from random bytes',
  (alg) => {
    const random = Uint8Array.from({ length: 48 }, (_, index) => index * 5 + 1);
    const secret = softwareSecretKey(alg, random);
    const message = text('sample');
    const key = softwarePublicKey(alg, secret);
    expect(secret).toHaveLength(32);
    expect(softwareSecretKey(alg, random)).toEqual(secret);
    expect(softwareVerify({ key, message, signature: softwareSign(alg, secret, message) })).toBe(
      true,
    );
  },
);
