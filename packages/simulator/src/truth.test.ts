import {
  type Bytes,
  type Cbor,
  encodeCbor,
  encodeEntry,
  ES256,
  GENESIS,
  payment as paymentCodec,
  receipt as receiptCodec,
  recordId,
  restore as restoreCodec,
  type Unsigned,
  voidRecord,
} from '@tallystick/protocol';
import { load, personalised, testScheme } from '@tallystick/trusted-app/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { Truth } from './truth.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
const BO = Uint8Array.of(2, 2, 2, 2, 2, 2, 2, 2);
let truth: Truth;
let empty: Bytes;

beforeEach(() => {
  truth = new Truth();
  truth.addCertificate(BO, 'bo');
  empty = personalised(scheme, alpha, 'ada').stored ?? new Uint8Array(0);
});

function record(payload: Cbor): Unsigned {
  return { alg: ES256, kid: BO, external: new Uint8Array(0), payload: encodeCbor(payload) };
}

/** A device commits these records, in a state whose head and balance nobody looks at here. */
function commit(device: string, seq: number, payload: Cbor, state: Bytes = empty): Bytes {
  const entry = { record: record(payload), salt: new Uint8Array(16), evidence: null };
  const append = [encodeEntry(entry)];
  truth.committed(device, { kind: 'commit', state, append, logEnd: seq, keepFrom: 1 });
  return recordId(entry.record);
}

const place = (seq: number): { seq: number; head: Bytes } => ({ seq, head: GENESIS });
const paid = (amount: bigint): Cbor =>
  paymentCodec.encode({
    ...place(1),
    payee: BO,
    value: { kind: 1, currency: 978, amount, hop: 1 },
    syncedAt: 1,
    acceptMinutes: 1,
  });

/** What was found, apart from heads: these states have none that fit. */
function found(): string[] {
  return truth.violations
    .filter(({ detail }) => !detail.includes('head'))
    .map((each) => each.invariant);
}

describe('the truth knows a broken promise when it sees one', () => {
  it('INV-VERIFY: money accepted that nobody signed', () => {
    const paymentId = new Uint8Array(32);
    commit('bo', 1, receiptCodec.encode({ ...place(1), paymentId, listVersion: 1 }));
    expect(found()).toEqual(['INV-VERIFY']);
  });

  it("INV-VERIFY: somebody else's money accepted", () => {
    const paymentId = commit('ada', 1, paid(5n));
    commit('cai', 1, receiptCodec.encode({ ...place(1), paymentId, listVersion: 1 }));
    expect(found()).toEqual(['INV-VERIFY']);
  });

  it('INV-ONCE: one payment accepted twice', () => {
    const paymentId = commit('ada', 1, paid(5n));
    commit('bo', 1, receiptCodec.encode({ ...place(1), paymentId, listVersion: 1 }));
    commit('bo', 2, receiptCodec.encode({ ...place(2), paymentId, listVersion: 1 }));
    expect(found()).toEqual(['INV-ONCE']);
  });

  it('INV-ONCE: one payment voided and accepted', () => {
    const paymentId = commit('ada', 1, paid(5n));
    commit('bo', 1, voidRecord.encode({ ...place(1), paymentId }));
    commit('bo', 2, receiptCodec.encode({ ...place(2), paymentId, listVersion: 1 }));
    expect(found()).toEqual(['INV-ONCE']);
  });

  it('INV-ONCE: two records at one position', () => {
    commit('ada', 1, paid(5n));
    commit('ada', 1, paid(6n));
    expect(found()).toEqual(['INV-ONCE']);
  });

  it('INV-TORN: one payment with payer and payee', () => {
    const paymentId = commit('ada', 1, paid(5n));
    commit('bo', 1, receiptCodec.encode({ ...place(1), paymentId, listVersion: 1 }));
    commit('ada', 2, restoreCodec.encode({ ...place(2), paymentId }));
    expect(found()).toEqual(['INV-TORN']);
  });

  it('INV-SUPPLY: a balance that no record explains', () => {
    const rich = personalised(scheme, beta, 'eve');
    load(rich, beta, 700n);
    commit('eve', 1, paid(5n), rich.stored ?? empty);
    truth.checkSupply();
    expect(found()).toEqual(['INV-SUPPLY']);
  });
});
