import {
  type Bytes,
  decodePurseCertificate,
  encodeProof,
  type Exhibit,
  GENESIS,
  LIMITS,
  receipt as receiptCodec,
  requestDigest,
  voidRecord,
} from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../command.ts';
import {
  ask,
  load,
  loadCommand,
  payCommand,
  personalised,
  receiveCommand,
  type Tap,
  tap,
  type TestPurse,
  testScheme,
  voidCommand,
} from '../testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
let ada: TestPurse;
let bo: TestPurse;
let cy: TestPurse;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada', { statusIndex: 4_000 });
  bo = personalised(scheme, beta, 'bo');
  cy = personalised(scheme, beta, 'cy');
  load(ada, alpha, 1_000n);
});

const exhibit = ({ payment, request }: Tap): Exhibit => ({
  external: requestDigest(request),
  record: payment,
});
const judge = (proof: Bytes): Command => ({ kind: 15, proof });

/** Ada's storage is put back after a payment, and she pays again from the same position. */
function fork(): { proof: Bytes; second: Tap } {
  const before = ada.backup();
  const first = tap(ada, bo, 100n);
  ada.rollback(before);
  const second = tap(ada, cy, 100n);
  const { certificate } = ada;
  const exhibits = { first: exhibit(first), second: exhibit(second) };
  return { proof: encodeProof({ kind: 1, certificate, ...exhibits }), second };
}

describe('a fork proof (TS-FRK-4)', () => {
  it('bans the culprit from now on, and is known the second time', () => {
    const { proof, second } = fork();
    const { ref } = decodePurseCertificate(ada.certificate);
    expect(cy.get(judge(proof), 5)).toEqual({ kind: 5, culprit: ref, isNew: true });
    cy.restart();
    expect(cy.get(judge(proof), 5).isNew).toBe(false);
    expect(cy.purse.bans.length).toBe(1);
    expect(cy.code(receiveCommand(second))).toBe('REVOKED');
    expect(cy.code(voidCommand(second))).toBe('OK');
    expect(cy.code(payCommand(ask(ada, 1n), ada.certificate))).toBe('REVOKED');
  });

  it('takes no position and survives a lost reply; a ban goes when a list takes over', () => {
    const { proof } = fork();
    const { seq } = cy.purse;
    cy.get(judge(proof), 5);
    expect(cy.purse.seq).toBe(seq);
    const imported = (version: number, revoked: number[]): Command => ({
      kind: 14,
      list: scheme.signList({ version, revoked }),
      certificate: scheme.operator.certificate,
    });
    cy.get(imported(2, [1, 2]), 0);
    expect(cy.purse.bans.length).toBe(1);
    cy.get(imported(3, [1, 2, 4_000]), 0);
    expect(cy.purse.bans).toEqual([]);
    expect(cy.get(judge(proof), 5).isNew).toBe(false);
  });

  it('of a receipt and a void of one payment holds', () => {
    const paymentId = new Uint8Array(32);
    const place = { seq: 1, head: GENESIS, paymentId };
    const receipt = ada.forge(ada.certificate, receiptCodec.encode({ ...place, listVersion: 1 }));
    const voided = ada.forge(ada.certificate, voidRecord.encode({ ...place, seq: 2 }));
    const { certificate } = ada;
    const proof = encodeProof({ kind: 3, certificate, receipt, void: voided });
    expect(cy.get(judge(proof), 5).isNew).toBe(true);
  });

  it('that shows one record twice proves nothing', () => {
    const one = exhibit(tap(ada, bo, 100n));
    const proof = encodeProof({ kind: 1, certificate: ada.certificate, first: one, second: one });
    const before = cy.backup();
    expect(cy.code(judge(proof))).toBe('PROOF_FAILS');
    expect(cy.backup()).toEqual(before);
  });

  it('never stands against an issuer, which numbers for each purse (rule 10)', () => {
    const loads = [loadCommand(bo, beta, 5n), loadCommand(cy, beta, 5n)].map((command) => {
      const { payment, request } = command as Extract<Command, { kind: 6 }>;
      return { external: requestDigest(request), record: payment };
    });
    const { certificate } = beta.issuer;
    const proof = encodeProof({ kind: 1, certificate, first: loads[0]!, second: loads[1]! });
    expect(cy.code(judge(proof))).toBe('WRONG_ROLE');
    expect(cy.code(loadCommand(cy, beta, 5n))).toBe('OK');
  });

  it('is refused when there are too many bans, not put in the place of another', () => {
    const { proof } = fork();
    const bans = Array.from({ length: LIMITS.bans }, (_, index) => ({
      ref: Uint8Array.of(9, 9, 9, 9, 9, 9, 9, index),
      statusIndex: 100_000 + index,
    }));
    cy.edit({ bans });
    expect(cy.code(judge(proof))).toBe('NEEDS_SYNC');
    cy.edit({ bans: bans.slice(1) });
    expect(cy.code(judge(proof))).toBe('OK');
    expect(cy.purse.bans.length).toBe(LIMITS.bans);
  });
});
