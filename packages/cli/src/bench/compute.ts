import { type Bytes, ES256, type SignatureCheck } from '@tallystick/protocol';
import {
  softwarePublicKey,
  softwareSecretKey,
  softwareSign,
  softwareVerify,
} from '@tallystick/protocol/software';
import { nativeVerifier } from '@tallystick/tre/plain-process';
import { type Engine, HostedPurse } from './hosted-purse.ts';
import { nativeKey } from './native-key.ts';
import type { Office } from './office.ts';
import { type Row, row } from './row.ts';

export interface ComputeOptions {
  readonly office: Office;
  readonly engine: Engine;
  readonly payments: number;
  readonly elapsedMs: () => number;
}

const MICROSECONDS = 1_000;
/** About what a payment signs. */
const MESSAGE_BYTES = 200;
/** The first payments warm the engine up, and verify certificates that are then known. */
const WARM_UP = 5;

/**
 * What one payment costs each side in a tap with a familiar partner, storage aside. Each is held
 * against its two signatures alone, measured in this run: one to verify, one to make.
 */
export async function measureCompute(options: ComputeOptions): Promise<Row[]> {
  const { office, engine, payments, elapsedMs } = options;
  const payer = await HostedPurse.open(office, engine, 50_000n);
  const payee = await HostedPurse.open(office, engine, 100n);
  const paying: number[] = [];
  const receiving: number[] = [];
  for (let made = 0; made < payments + WARM_UP; made++) {
    const request = await payee.request(1n);
    const startMs = elapsedMs();
    const payment = await payer.pay(request, payee.certificate);
    const paidMs = elapsedMs();
    await payee.receive(payment, payer.certificate, request);
    receiving.push(elapsedMs() - paidMs);
    paying.push(paidMs - startMs);
  }
  await payer.close();
  await payee.close();
  const limit = signaturesMs(engine, payments, elapsedMs) * MICROSECONDS;
  return [
    row(`compute/payer/${engine}`, median(paying.slice(WARM_UP)) * MICROSECONDS, 'us', limit),
    row(`compute/payee/${engine}`, median(receiving.slice(WARM_UP)) * MICROSECONDS, 'us', limit),
  ];
}

/** One signature made and one verified, nothing else. */
function signaturesMs(engine: Engine, rounds: number, elapsedMs: () => number): number {
  const { key, sign, verify } = engine === 'native' ? nativeSignatures() : softwareSignatures();
  const spent: number[] = [];
  for (let round = 0; round < rounds + WARM_UP; round++) {
    const message = new Uint8Array(MESSAGE_BYTES).fill(round);
    const startMs = elapsedMs();
    const signature = sign(message);
    if (!verify({ key, message, signature })) throw new Error('a signature did not verify');
    spent.push(elapsedMs() - startMs);
  }
  return median(spent.slice(WARM_UP));
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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
