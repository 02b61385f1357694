import { type Algorithm, decodeCbor, ES256 } from '@tallystick/protocol';
import { openPair, type Pair, paymentStory, payOnce } from '../payment-story.ts';

/**
 * Bundled and loaded into a bare engine: trusted application, element, memory host and cryptography
 * in plain JavaScript, the whole of it inside.
 */
export async function story(request: ArrayBuffer): Promise<ArrayBuffer> {
  const alg = decodeCbor(new Uint8Array(request)) as Algorithm;
  return (await paymentStory(alg)).slice().buffer;
}

let pair: Pair | null = null;

/** One payment between the same two purses each time; for measuring. */
export async function pay(): Promise<ArrayBuffer> {
  pair ??= await openPair(ES256);
  await payOnce(pair, 1n);
  return new ArrayBuffer(1);
}
