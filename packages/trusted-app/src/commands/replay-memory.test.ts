import { beforeEach, describe, expect, it } from 'vitest';
import {
  DAY,
  load,
  loadCommand,
  personalised,
  receiveCommand,
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

describe('the replay memory (rule 3, TS-LOG-6)', () => {
  const fill = (count: number, verdict: 1 | 2): void =>
    bo.edit({
      answered: Array.from({ length: count }, (_, index) => ({
        id: Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? index & 255 : index >> 8)),
        seq: 1,
        verdict,
        acceptBy: START + DAY,
      })),
    });

  it('refuses when it is full, and forgets nothing to make room', () => {
    fill(2_048, 1);
    expect(bo.code(receiveCommand(tapped))).toBe('NEEDS_SYNC');
    expect(bo.code(voidCommand(tapped))).toBe('NEEDS_SYNC');
    expect(bo.purse.answered.length).toBe(2_048);
    fill(2_047, 1);
    expect(bo.code(receiveCommand(tapped))).toBe('OK');
    expect(bo.code(loadCommand(bo, beta, 1n))).toBe('NEEDS_SYNC');
  });

  it('keeps room for payments, whoever asks for voids', () => {
    fill(1_024, 2);
    expect(bo.code(voidCommand(tapped))).toBe('NEEDS_SYNC');
    expect(bo.code(receiveCommand(tapped))).toBe('OK');
    fill(1_023, 2);
    const next = tap(ada, bo, 1n, { despiteDoubt: true });
    expect(bo.code(voidCommand(next))).toBe('OK');
  });

  it('forgets by a sync what is uploaded and closed by time, and nothing else', () => {
    bo.get(receiveCommand(tapped), 6);
    sync(bo, beta, { time: START + DAY });
    expect(bo.purse.answered.length).toBe(1);
    expect(bo.code(receiveCommand(tapped))).toBe('OK');
    sync(bo, beta, { time: START + DAY + 60, ackedTo: 1 });
    // Acknowledged by the sync before, and past its last moment now.
    expect(bo.purse.answered.length).toBe(0);
    expect(bo.purse.closedBefore).toBeGreaterThan(START + DAY);
  });

  it('keeps what the backend does not have yet, however late', () => {
    bo.get(receiveCommand(tapped), 6);
    sync(bo, beta, { time: START + 5 * DAY, ackedTo: 1 });
    expect(bo.purse.answered.length).toBe(1);
    expect(bo.code(receiveCommand(tapped))).toBe('OK');
  });
});
