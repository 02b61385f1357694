import { createHash } from 'node:crypto';
import { type Bytes, ED25519, ES256 } from '@tallystick/protocol';
import { softwareSecretKey, softwareSign } from '@tallystick/protocol/software';
import { expect, test } from 'vitest';
import { createNativeSigner } from './native-sign.ts';

function bytes(name: string, length: number): Bytes {
  return Uint8Array.from(createHash('sha512').update(name).digest().subarray(0, length));
}

test.each([
  ['ES256', ES256],
  ['Ed25519', ED25519],
] as const)('signs what the software signer signs, to the byte: %s', (_, alg) => {
  const sign = createNativeSigner();
  for (let round = 0; round < 150; round++) {
    const secret = softwareSecretKey(alg, bytes(`key ${round % 20}`, 48));
    const message = bytes(`message ${round}`, round % 65);
    expect(sign(alg, secret, message)).toEqual(softwareSign(alg, secret, message));
  }
});

test('the vector of RFC 6979, appendix A.2.5, for "sample" with SHA-256', () => {
  const secret = Uint8Array.from(
    Buffer.from('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721', 'hex'),
  );
  const signature = createNativeSigner()(ES256, secret, new TextEncoder().encode('sample'));
  const r = 'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716';
  expect(Buffer.from(signature.subarray(0, 32)).toString('hex')).toBe(r);
});
