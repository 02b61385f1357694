import { createPrivateKey, ECDH, type KeyObject, sign } from 'node:crypto';
import {
  encodeSigned,
  ES256,
  normaliseSignature,
  signatureFromDer,
  type Signed,
  toBeSigned,
  type Unsigned,
  unsignedStatusList,
} from '@tallystick/protocol';
import type { Issuer } from '../../context.ts';
import type { NamedKey, TestScheme } from '../scheme.ts';

/**
 * The scheme's issuer on native cryptography: orders are played by the thousand, and most of what
 * they take would be signing answers in plain JavaScript. What was signed once is signed the same
 * again, so that a load is the same load in every order.
 */
export function nativeIssuer(scheme: TestScheme): Issuer {
  const keys = new Map<NamedKey, KeyObject>();
  const known = new Map<string, Signed>();
  const keyOf = (of: NamedKey): KeyObject => {
    const key = keys.get(of) ?? privateKey(of);
    keys.set(of, key);
    return key;
  };
  const signWith = (of: NamedKey, message: Unsigned): Signed => {
    const signature = signatureFromDer(sign('sha256', toBeSigned(message), keyOf(of)));
    return { ...message, signature: normaliseSignature(ES256, signature) };
  };
  return {
    listUri: 'https://status.example/1',
    sign: async (participant, { external, payload }) => {
      const { issuing, issuingKey } = scheme.party(participant);
      const message: Unsigned = { alg: ES256, kid: issuing.ref, external, payload };
      // Only loads have external data; answers are not kept, there would be too many.
      if (external.length === 0) return signWith(issuingKey, message);
      const name = Buffer.from(external).toString('hex');
      const signed = known.get(name) ?? signWith(issuingKey, message);
      known.set(name, signed);
      return signed;
    },
    signList: async (list) => {
      const { issuing, issuingKey } = scheme.operator;
      return encodeSigned(
        signWith(issuingKey, unsignedStatusList(list, { alg: ES256, ref: issuing.ref })),
      );
    },
  };
}

function privateKey({ secret, key }: NamedKey): KeyObject {
  const point = ECDH.convertKey(
    Buffer.from(key.bytes),
    'prime256v1',
    undefined,
    undefined,
    'uncompressed',
  ) as Buffer;
  const part = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const [x, y] = [part(point.subarray(1, 33)), part(point.subarray(33))];
  return createPrivateKey({
    format: 'jwk',
    key: { kty: 'EC', crv: 'P-256', d: part(secret), x, y },
  });
}
