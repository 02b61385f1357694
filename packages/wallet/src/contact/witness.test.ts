import { decodeProof, decodeSigned, requestDigest } from '@tallystick/protocol';
import {
  load,
  personalised,
  START,
  tap,
  type TestPurse,
  testScheme,
} from '@tallystick/trusted-app/testing';
import { beforeEach, describe, expect, test } from 'vitest';
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

describe('a payee that remembers what it accepted (TS-FRK-6)', () => {
  test('proves a second payment at one position, and not the first again', () => {
    const witness = new Witness();
    const [first, second] = twice;
    expect(witness.objection(first, cheat.certificate)).toBeNull();
    witness.remember(first, cheat.certificate);
    expect(witness.objection(first, cheat.certificate)).toBeNull();
    const proof = witness.objection(second, cheat.certificate);
    expect(decodeProof(proof ?? new Uint8Array(0))).toMatchObject({
      kind: 1,
      certificate: cheat.certificate,
      first: { record: first.payment },
      second: { record: second.payment },
    });
  });

  test("forgets it at the expiry of the payer's certificate, and no sooner", () => {
    const witness = new Witness();
    const [first, second] = twice;
    witness.remember(first, cheat.certificate);
    witness.forget(START + 999);
    expect(witness.objection(second, cheat.certificate)).not.toBeNull();
    witness.forget(START + 1_000);
    expect(witness.objection(second, cheat.certificate)).toBeNull();
  });
});
