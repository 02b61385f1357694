import {
  decodePayload,
  decodeSigned,
  recordId,
  type Statement,
  statement as statementCodec,
} from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StatementReply } from '../reply.ts';
import {
  answerCommand,
  balance,
  DAY,
  load,
  personalised,
  receiveCommand,
  START,
  sync,
  tap,
  type TestPurse,
  testScheme,
  transfer,
} from '../testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
let ada: TestPurse;
let bo: TestPurse;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada', { pin: Uint8Array.of(1, 2, 3, 4) });
  bo = personalised(scheme, beta, 'bo');
  load(ada, alpha, 5_000n);
});

const state = (): StatementReply => ada.get({ kind: 11 }, 4);
const read = ({ statement }: StatementReply): Statement =>
  decodePayload(decodeSigned(statement).payload, statementCodec, 'statement');

describe('a statement (TS-SYN-1)', () => {
  it('says where the log is, and what the purse holds and goes by', () => {
    transfer(ada, bo, 300n);
    const reply = state();
    expect(reply).toMatchObject({ from: 1, to: 4 });
    expect(recordId(decodeSigned(reply.statement))).toEqual(reply.id);
    expect(read(reply)).toMatchObject({
      seq: 4,
      floor: START,
      balance: 4_700n,
      policyVersion: 1,
      listVersion: 1,
      epoch: 0,
      condition: 0,
    });
    expect([...ada.log.keys()]).toEqual([1, 2, 3, 4]);
  });

  it('is the same while nothing is new in the log, whatever is cut off in between', () => {
    const first = state();
    ada.restart();
    expect(state()).toEqual(first);
    transfer(ada, bo, 300n);
    const second = state();
    expect([second.from, second.to]).toEqual([1, 5]);
    expect(second.id).not.toEqual(first.id);
  });

  it('tells of the lock, though a lock takes no position', () => {
    const first = state();
    ada.get({ kind: 20 }, 0);
    const second = state();
    expect(read(second).condition).toBe(1);
    expect(second.to).toBe(first.to + 1);
    expect(state()).toEqual(second);
  });
});

describe('the answer to it (TS-SYN-4)', () => {
  it('lets go of the log, restarts the window, and frees the limits', () => {
    transfer(ada, bo, 300n);
    bo.get(receiveCommand(tap(ada, bo, 200n)), 6);
    expect(ada.purse).toMatchObject({ spentTotal: 500n, spentCount: 2 });
    const { to } = sync(ada, alpha, {
      time: START + 2 * DAY,
      settled: ada.purse.open.map((o) => o.id),
    });
    expect(ada.purse).toMatchObject({
      ackedTo: to,
      keepFrom: to + 1,
      seq: to + 1,
      epoch: 1,
      syncedAt: START + 2 * DAY,
      floor: START + 2 * DAY,
      spentTotal: 0n,
      spentCount: 0,
      open: [],
    });
    expect([...ada.log.keys()]).toEqual([to + 1]);
    expect(state()).toMatchObject({ from: to + 1, to: to + 2 });
    expect(balance(ada)).toBe(4_500n);
  });

  it('keeps what is in doubt, and what came after the statement', () => {
    const inDoubt = tap(ada, bo, 10n);
    const statement = state();
    const later = tap(ada, bo, 20n, { despiteDoubt: true });
    ada.get(answerCommand(ada, alpha, statement, { settled: [later.id] }), 0);
    expect(ada.purse.open.map(({ id, state: how }) => [id, how])).toEqual([
      [inDoubt.id, 0],
      [later.id, 1],
    ]);
    expect(ada.purse).toMatchObject({ spentTotal: 20n, spentCount: 1, keepFrom: 2 });
    expect(ada.get({ kind: 10, paymentId: inDoubt.id }, 1).message).toEqual(inDoubt.payment);
    expect(ada.get({ kind: 10, paymentId: later.id }, 1).message).toEqual(later.payment);
  });

  it('changes nothing when it comes again', () => {
    const statement = state();
    const answer = answerCommand(ada, alpha, statement);
    ada.get(answer, 0);
    const before = ada.backup();
    ada.get(answer, 0);
    expect(ada.backup()).toEqual(before);
  });

  it('is refused when it is old, of another statement, or of another issuer', () => {
    const old = answerCommand(ada, alpha, state());
    sync(ada, alpha);
    sync(ada, alpha);
    expect(ada.code(old)).toBe('STALE');
    const statement = { ...state(), id: new Uint8Array(32) };
    const before = ada.backup();
    expect(ada.code(answerCommand(ada, alpha, statement))).toBe('WRONG_STATEMENT');
    expect(ada.code(answerCommand(ada, beta, statement))).toBe('WRONG_ROLE');
    expect(ada.backup()).toEqual(before);
  });

  it('acknowledges nothing that the statement did not cover', () => {
    const statement = state();
    tap(ada, bo, 10n);
    const tooFar = answerCommand(ada, alpha, statement, { ackedTo: statement.to + 1 });
    expect(ada.code(tooFar)).toBe('WRONG_STATEMENT');
    ada.get(answerCommand(ada, alpha, statement, { ackedTo: statement.to }), 0);
    expect(ada.purse.ackedTo).toBe(statement.to);
  });

  it('never takes an acknowledgement back', () => {
    const { to } = sync(ada, alpha);
    sync(ada, alpha, { ackedTo: 1 });
    expect(ada.purse.ackedTo).toBe(to);
  });

  it('by an issuing key that was revoked is refused', () => {
    const answer = answerCommand(ada, alpha, state());
    const list = scheme.signList({ version: 2, revoked: [0] });
    ada.get({ kind: 14, list, certificate: scheme.operator.certificate }, 0);
    expect(ada.code(answer)).toBe('REVOKED');
  });

  it('that cannot be stored changes nothing, and can be imported later', () => {
    const answer = answerCommand(ada, alpha, state());
    const before = ada.backup();
    ada.storageFails = true;
    expect(ada.code(answer)).toBe('STORAGE_FAILED');
    expect(ada.backup()).toEqual(before);
    expect(ada.code(answer)).toBe('OK');
  });
});

describe('what the backend may close on a statement is closed (TS-TIM-6)', () => {
  it('for payments that had to be accepted before its floor, exactly', () => {
    const tapped = tap(ada, bo, 10n);
    const { acceptBy } = ada.purse.open[0]!;
    bo.edit({ floor: acceptBy });
    bo.get({ kind: 11 }, 4);
    expect(bo.purse.closedBefore).toBe(acceptBy);
    expect(bo.code(receiveCommand(tapped))).toBe('OK');
    const late = tap(ada, bo, 10n, { despiteDoubt: true });
    bo.edit({ floor: acceptBy + 1 });
    bo.get({ kind: 11 }, 4);
    // Even if the floor went back by a reset.
    bo.edit({ floor: START });
    expect(bo.code(receiveCommand(late))).toBe('PAST_ACCEPT_BY');
  });
});
