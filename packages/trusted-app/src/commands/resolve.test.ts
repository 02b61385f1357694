import {
  type Bytes,
  decodePurseCertificate,
  GENESIS,
  receipt as receiptCodec,
  voidRecord,
} from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../command.ts';
import {
  balance,
  DAY,
  load,
  payCommand,
  personalised,
  receiveCommand,
  restoreCommand,
  settleCommand,
  START,
  sync,
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
let tapped: Tap;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada');
  bo = personalised(scheme, beta, 'bo');
  load(ada, alpha, 1_000n);
  tapped = tap(ada, bo, 300n);
});

const retry = (): Command => ({ kind: 10, paymentId: tapped.id });
const money = (): bigint[] => [ada, bo].map(balance);

describe('a torn tap is resolved in this order: retry, void, reconciliation (INV-TORN)', () => {
  it('retry gives the same payment again, byte for byte, after a restart too (TS-PAY-11)', () => {
    expect(ada.get(retry(), 1).message).toEqual(tapped.payment);
    ada.restart();
    const stored = ada.stored;
    expect(ada.get(retry(), 1)).toMatchObject({ message: tapped.payment, id: tapped.id });
    expect(ada.stored).toEqual(stored);
    expect(ada.code({ kind: 10, paymentId: new Uint8Array(32) })).toBe('NOT_OPEN');
  });

  it('void gives the money back, and the payee never takes it (TS-VOI)', () => {
    const answer = bo.get(voidCommand(tapped), 6);
    expect(answer.verdict).toBe(2);
    expect(bo.get(voidCommand(tapped), 6)).toEqual(answer);
    bo.restart();
    expect(bo.get(voidCommand(tapped), 6)).toEqual(answer);
    expect(bo.code(receiveCommand(tapped))).toBe('ALREADY_VOIDED');
    ada.get(restoreCommand(tapped, answer), 0);
    expect(money()).toEqual([1_000n, 0n]);
    expect(ada.purse.balances).toEqual([1_000n]);
    expect(ada.code(restoreCommand(tapped, answer))).toBe('NOT_OPEN');
    expect(ada.code(retry())).toBe('NOT_OPEN');
    expect(money()).toEqual([1_000n, 0n]);
  });

  it('void of an accepted payment is answered with its receipt (TS-VOI-2)', () => {
    const receipt = bo.get(receiveCommand(tapped), 6);
    expect(bo.get(voidCommand(tapped), 6)).toEqual(receipt);
    expect(ada.code(restoreCommand(tapped, receipt))).toBe('WRONG_KIND');
    ada.get(settleCommand(tapped, receipt), 0);
    ada.get(settleCommand(tapped, receipt), 0);
    expect(ada.get({ kind: 1 }, 3).open[0]?.accepted).toBe(true);
    expect(money()).toEqual([700n, 300n]);
  });

  it('void is refused for what may have been accepted and forgotten (INV-ONCE)', () => {
    bo.get(receiveCommand(tapped), 6);
    // Accepted, uploaded, and forgotten once its time had passed: the answer is no longer known.
    sync(bo, beta, { time: START + 2 * DAY });
    expect(bo.purse.answered).toEqual([]);
    expect(bo.code(voidCommand(tapped))).toBe('PAST_ACCEPT_BY');
    expect(bo.code(receiveCommand(tapped))).toBe('PAST_ACCEPT_BY');
    expect(money()).toEqual([700n, 300n]);
  });

  it('void past the last moment still helps, while nothing was closed or forgotten', () => {
    const list = scheme.signList({ version: 2, issuedAt: START + 2 * DAY });
    bo.get({ kind: 14, list, certificate: scheme.operator.certificate }, 0);
    expect(bo.code(receiveCommand(tapped))).toBe('PAST_ACCEPT_BY');
    const answer = bo.get(voidCommand(tapped), 6);
    ada.get(restoreCommand(tapped, answer), 0);
    expect(money()).toEqual([1_000n, 0n]);
  });

  it('void works for a payer that may not pay any more (TS-VOI-1)', () => {
    const { statusIndex } = decodePurseCertificate(ada.certificate).profile;
    const list = scheme.signList({ version: 2, revoked: [statusIndex] });
    bo.get({ kind: 14, list, certificate: scheme.operator.certificate }, 0);
    expect(bo.code(receiveCommand(tapped))).toBe('REVOKED');
    const answer = bo.get(voidCommand(tapped), 6);
    ada.get(restoreCommand(tapped, answer), 0);
    expect(money()).toEqual([1_000n, 0n]);
  });

  it('a closure gives the money back once the payee has stated its log (rule 2)', () => {
    const stated = bo.get({ kind: 11 }, 4);
    const evidence = alpha.close(tapped.id, stated.id, START + 3 * DAY);
    const { certificate } = alpha.issuer;
    ada.get({ kind: 9, evidence, certificate }, 0);
    expect(money()).toEqual([1_000n, 0n]);
    expect(ada.code({ kind: 9, evidence, certificate })).toBe('NOT_OPEN');
  });

  it('what was settled never comes back, whoever says so (TS-VOI-2)', () => {
    ada.get(settleCommand(tapped, bo.get(receiveCommand(tapped), 6)), 0);
    const evidence = alpha.close(tapped.id, tapped.id, START);
    expect(ada.code({ kind: 9, evidence, certificate: alpha.issuer.certificate })).toBe(
      'ALREADY_ACCEPTED',
    );
    const voided = { seq: 3, head: GENESIS, paymentId: tapped.id };
    const lie = bo.forge(bo.certificate, voidRecord.encode(voided));
    expect(ada.code({ kind: 9, evidence: lie, certificate: bo.certificate })).toBe(
      'ALREADY_ACCEPTED',
    );
    expect(money()).toEqual([700n, 300n]);
  });
});

describe('whose word counts', () => {
  const restoreBy = (evidence: Bytes, certificate: Bytes): string =>
    ada.code({ kind: 9, evidence, certificate });

  it("is the payee's alone for receipts and voids", () => {
    const cy = personalised(scheme, beta, 'cy');
    const place = { seq: 1, head: GENESIS, paymentId: tapped.id };
    const voided = cy.forge(cy.certificate, voidRecord.encode(place));
    expect(restoreBy(voided, cy.certificate)).toBe('WRONG_PAYEE');
    expect(restoreBy(voided, bo.certificate)).toBe('UNKNOWN_CERTIFICATE');
    const receipt = cy.forge(cy.certificate, receiptCodec.encode({ ...place, listVersion: 1 }));
    expect(ada.code({ kind: 8, receipt, certificate: cy.certificate })).toBe('WRONG_PAYEE');
    const own = ada.forge(ada.certificate, voidRecord.encode(place));
    expect(restoreBy(own, ada.certificate)).toBe('WRONG_PAYEE');
  });

  it("is the own issuer's alone for closures, while it stands", () => {
    expect(restoreBy(beta.close(tapped.id, tapped.id, START), beta.issuer.certificate)).toBe(
      'WRONG_ROLE',
    );
    const evidence = alpha.close(tapped.id, tapped.id, START);
    const list = scheme.signList({ version: 2, revoked: [0] });
    ada.get({ kind: 14, list, certificate: scheme.operator.certificate }, 0);
    expect(restoreBy(evidence, alpha.issuer.certificate)).toBe('REVOKED');
    expect(balance(ada)).toBe(700n);
  });

  it('is heard although the payee was revoked or expired meanwhile', () => {
    const answer = bo.get(voidCommand(tapped), 6);
    const { profile, expires } = decodePurseCertificate(bo.certificate);
    const list = scheme.signList({ version: 2, revoked: [profile.statusIndex] });
    ada.get({ kind: 14, list, certificate: scheme.operator.certificate }, 0);
    ada.edit({ floor: expires });
    expect(ada.code(restoreCommand(tapped, answer))).toBe('OK');
  });

  it('an issuing key of the own participant may not be a payee that voids', () => {
    const unload = ada.get(
      payCommand(alpha.unloadCode, alpha.issuer.certificate, { amount: 5n }),
      1,
    );
    const place = { seq: 1, head: GENESIS, paymentId: unload.id };
    const voided = alpha.issuer.sign(voidRecord.encode(place));
    expect(restoreBy(voided, alpha.issuer.certificate)).toBe('WRONG_ROLE');
  });
});

describe('a failed commit leaves a torn tap as it was (TS-TRE-3)', () => {
  it('at the void, the restore and the settlement', () => {
    const before = bo.stored;
    bo.storageFails = true;
    expect(bo.code(voidCommand(tapped))).toBe('STORAGE_FAILED');
    expect(bo.stored).toEqual(before);
    const answer = bo.get(voidCommand(tapped), 6);
    const open = ada.stored;
    ada.storageFails = true;
    expect(ada.code(restoreCommand(tapped, answer))).toBe('STORAGE_FAILED');
    expect(ada.stored).toEqual(open);
    ada.get(restoreCommand(tapped, answer), 0);
    const second = tap(ada, bo, 10n);
    const receipt = bo.get(receiveCommand(second), 6);
    ada.storageFails = true;
    expect(ada.code(settleCommand(second, receipt))).toBe('STORAGE_FAILED');
    ada.get(settleCommand(second, receipt), 0);
    expect(money()).toEqual([990n, 10n]);
  });
});
