import { randomBytes } from 'node:crypto';
import {
  type Bytes,
  decodePayload,
  encodeCbor,
  encodeSigned,
  LIMITS,
  payment as paymentCodec,
  unwrap,
} from '@tallystick/protocol';
import { openElement } from '@tallystick/tre';
import {
  createWallet,
  httpBackend,
  memoryPair,
  memoryStore,
  platformTimer,
  type PendingStore,
  type Presented,
  type Wallet,
  Witness,
} from '@tallystick/wallet';
import { HostedPurse } from '../compute/hosted-purse.ts';
import { hostOf, newBelongings } from '../compute/packed.ts';
import type { Lab } from '../lab.ts';
import { median } from '../median.ts';
import { newestMeasurement, type Office } from '../office.ts';

const draw = (length: number): Bytes => Uint8Array.from(randomBytes(length));

/** What a witness with a full memory costs: each payment it accepts, and a meeting of two of them. */
export async function measureWitnesses(
  lab: Lab,
  office: Office,
  seen: Presented,
  certificate: Bytes,
): Promise<{ readonly rememberUs: number; readonly meetingMs: number }> {
  const { nativePayments } = lab.scale;
  const [first, second] = [memoryStore(), memoryStore()];
  const witness = new Witness(first);
  await fill(witness, seen, certificate, 1);
  await fill(new Witness(second), seen, certificate, 2 * LIMITS.witnesses);
  const startMs = lab.elapsedMs();
  for (let each = 0; each < nativePayments; each++) {
    await witness.remember(standIn(seen, 10 * LIMITS.witnesses + each), certificate);
  }
  const rememberUs = (1_000 * (lab.elapsedMs() - startMs)) / nativePayments;
  const [visitor, host] = [await open(office, first), await open(office, second)];
  const times: number[] = [];
  for (let each = 0; each <= lab.scale.environmentTaps; each++) {
    const { a, b } = memoryPair();
    const metMs = lab.elapsedMs();
    await Promise.all([visitor.meet(a), host.answer(b)]);
    times.push(lab.elapsedMs() - metMs);
  }
  // In the first one both read their store.
  return { rememberUs, meetingMs: median(times.slice(1)) };
}

/** As many payments as a memory takes, from one position on. */
async function fill(
  witness: Witness,
  seen: Presented,
  certificate: Bytes,
  from: number,
): Promise<void> {
  for (let each = 0; each < LIMITS.witnesses; each++) {
    await witness.remember(standIn(seen, from + each), certificate);
  }
}

/** The payment as at another position: a witness does not verify what its purse has accepted. */
function standIn({ signed, request }: Presented, seq: number): Presented {
  const fields = decodePayload(signed.payload, paymentCodec, 'payment');
  const other = { ...signed, payload: encodeCbor(paymentCodec.encode({ ...fields, seq })) };
  return { signed: other, payment: encodeSigned(other), request };
}

/** A wallet on a store, with a purse in memory. */
async function open(office: Office, pendingStore: PendingStore): Promise<Wallet> {
  const measurement = await newestMeasurement(office);
  const identity = { environment: 'plain-process', measurement };
  const host = hostOf(newBelongings('native', identity), draw, office.clock);
  const element = unwrap(await openElement(host, identity));
  await HostedPurse.around(element, office, 100n);
  const timer = platformTimer({
    nowMs: () => 1_000 * office.clock(),
    setTimeout,
    clearTimeout,
  });
  const fetch = (): Promise<never> => Promise.reject(new Error('nobody is online here'));
  const backend = httpBackend({ baseUrl: 'http://localhost', fetch, timer });
  return createWallet({ element, backend, pendingStore, timer, random: draw });
}
