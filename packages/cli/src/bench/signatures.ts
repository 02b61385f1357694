import { type Bytes, ES256, type SignatureCheck } from '@tallystick/protocol';
import {
  softwarePublicKey,
  softwareSecretKey,
  softwareSign,
  softwareVerify,
} from '@tallystick/protocol/software';
import { nativeVerifier } from '@tallystick/tre/plain-process';
import type { Engine } from './compute/packed.ts';
import { median } from './median.ts';
import { nativeKey } from './native-key.ts';

/** What a signature costs, its key imported. */
export interface SignatureCost {
  readonly makeMs: number;
  readonly verifyMs: number;
}

/** About what a payment signs. */
const MESSAGE_BYTES = 200;
/** The first ones warm the engine up. */
const WARM_UP = 5;

/** Median cost of making a signature and of verifying one, nothing else. */
export function measureSignatures(
  engine: Engine,
  rounds: number,
  elapsedMs: () => number,
): SignatureCost {
  const { key, sign, verify } = engine === 'native' ? nativeSignatures() : softwareSignatures();
  const making: number[] = [];
  const verifying: number[] = [];
  for (let round = 0; round < rounds + WARM_UP; round++) {
    const message = new Uint8Array(MESSAGE_BYTES).fill(round);
    const startMs = elapsedMs();
    const signature = sign(message);
    const madeMs = elapsedMs();
    const holds = verify({ key, message, signature });
    verifying.push(elapsedMs() - madeMs);
    making.push(madeMs - startMs);
    if (!holds) throw new Error('a signature did not verify');
  }
  return { makeMs: median(making.slice(WARM_UP)), verifyMs: median(verifying.slice(WARM_UP)) };
}

interface Signatures {
  readonly key: SignatureCheck['key'];
  readonly sign: (message: Bytes) => Bytes;
  readonly verify: (check: SignatureCheck) => boolean;
}

function nativeSignatures(): Signatures {
  const key = nativeKey();
  return {
    key: key.publicKey,
    sign: (message) => key.sign(message),
    verify: nativeVerifier(1),
  };
}

function softwareSignatures(): Signatures {
  const secret = softwareSecretKey(ES256, new Uint8Array(48).fill(7));
  return {
    key: softwarePublicKey(ES256, secret),
    sign: (message) => softwareSign(ES256, secret, message),
    verify: softwareVerify,
  };
}
