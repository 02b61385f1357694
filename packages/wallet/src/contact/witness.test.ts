import {
  decodePayload,
  decodeProof,
  decodeSigned,
  encodeCbor,
  encodeSigned,
  LIMITS,
  payment as paymentCodec,
  requestDigest,
} from '@tallystick/protocol';
import {
  load,
  personalised,
  START,
  tap,
  type TestPurse,
  testScheme,
} from '@tallystick/trusted-app/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { memoryStore } from '../pending-store.ts';
import { type Presented, Witness } from './witness.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
let cheat: TestPurse;
let payee: TestPurse;
let twice: readonly [Presented, Presented];

beforeEach(() => {
  cheat = personalised(scheme, alpha, 'cheat', { statusIndex: 3, expires: START + 1_000 });
  payee = personalised(scheme, beta, 'payee');
  load(cheat, alpha, 100n);
  const before = cheat.backup();
  const first = presented(1n);
  cheat.rollback(before);
  twice = [first, presented(2n)];
});

function presented(amount: bigint): Presented {
  const { payment, request } = tap(cheat, payee, amount);
  return { signed: decodeSigned(payment, requestDigest(request)), payment, request };
}

/** The same payment as at another position; nobody verifies it here. */
function standIn({ signed, request }: Presented, seq: number): Presented {
  const fields = decodePayload(signed.payload, paymentCodec, 'payment');
  const payload = encodeCbor(paymentCodec.encode({ ...fields, seq }));
  const other = { ...signed, payload };
  return { signed: other, payment: encodeSigned(other), request };
}

describe('a payee that remembers what it accepted (TS-WIT-1)', () => {
  test('proves a second payment at one position, and not the first again', async () => {
    const witness = new Witness(memoryStore());
    const [first, second] = twice;
    expect(await witness.objection(first, cheat.certificate)).toBeNull();
    await witness.remember(first, cheat.certificate);
    expect(await witness.objection(first, cheat.certificate)).toBeNull();
    const proof = await witness.objection(second, cheat.certificate);
    expect(decodeProof(proof ?? new Uint8Array(0))).toMatchObject({
      kind: 1,
      certificate: cheat.certificate,
      first: { record: first.payment },
      second: { record: second.payment },
    });
  });

  test("forgets it at the expiry of the payer's certificate, and no sooner (TS-WIT-7)", async () => {
    const store = memoryStore();
    const witness = new Witness(store);
    const [first, second] = twice;
    await witness.remember(first, cheat.certificate);
    await witness.forget(START + 999);
    expect(await witness.objection(second, cheat.certificate)).not.toBeNull();
    await witness.forget(START + 1_000);
    expect(await witness.objection(second, cheat.certificate)).toBeNull();
    expect(await store.list('witness/')).toEqual([]);
  });

  test('remembers over a restart, in the order of before', async () => {
    const store = memoryStore();
    const before = new Witness(store);
    const [first, second] = twice;
    const other = standIn(first, 3_000);
    for (const each of [other, first]) await before.remember(each, cheat.certificate);
    const witness = new Witness(store);
    expect(await witness.objection(second, cheat.certificate)).not.toBeNull();
    const paid = (await witness.newestFirst()).map(({ exhibit }) => exhibit.record);
    expect(paid).toEqual([first.payment, other.payment]);
    await witness.remember(standIn(first, 4_000), cheat.certificate);
    expect(await new Witness(store).newestFirst()).toHaveLength(3);
  });

  test('does without a store that fails, and passes over what does not read', async () => {
    const broken = (): Promise<never> => Promise.reject(new Error('full'));
    const witness = new Witness({ put: broken, get: broken, list: broken, remove: broken });
    const [first, second] = twice;
    await witness.remember(first, cheat.certificate);
    expect(await witness.objection(second, cheat.certificate)).not.toBeNull();
    await witness.dismiss(first.signed.kid);
    expect(await witness.objection(second, cheat.certificate)).toBeNull();
    const store = memoryStore();
    await store.put(
      'witness/x',
      encodeCbor([1, new Uint8Array(1), new Uint8Array(0), new Uint8Array(1)]),
    );
    expect(await new Witness(store).newestFirst()).toEqual([]);
  });

  test('remembers so many, and forgets the one accepted longest ago', async () => {
    const store = memoryStore();
    const witness = new Witness(store);
    const [first] = twice;
    for (let seq = 1; seq <= LIMITS.witnesses + 3; seq++) {
      await witness.remember(standIn(first, seq), cheat.certificate);
    }
    const seqs = (await witness.newestFirst()).map(({ seq }) => seq);
    expect(seqs).toHaveLength(LIMITS.witnesses);
    expect([seqs[0], seqs.at(-1)]).toEqual([LIMITS.witnesses + 3, 4]);
    expect(await store.list('witness/')).toHaveLength(LIMITS.witnesses);
  });
});
