import { type Bytes } from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import {
  load,
  personalised,
  receiveCommand,
  type Tap,
  tap,
  type TestPurse,
  testScheme,
  voidCommand,
} from './testing/index.ts';

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

describe('a store that lies', () => {
  const meddleReading = (device: TestPurse, bytes: (seq: number) => Bytes | null): void => {
    device.meddle = (effect) => (effect.kind === 'read-log' ? bytes(effect.seq) : undefined);
  };

  it('never gets another record signed than the one that was committed (INV-ONCE)', () => {
    // The store keeps an entry whose commit it refuses, so that it has a valid salt.
    const kept: Bytes[] = [];
    bo.meddle = (effect) => {
      if (effect.kind !== 'commit') return undefined;
      kept.push(...effect.append);
      return false;
    };
    expect(bo.code(voidCommand(tapped))).toBe('STORAGE_FAILED');
    bo.meddle = null;
    bo.get(receiveCommand(tapped), 6);
    bo.signed.length = 0;
    meddleReading(bo, () => kept[0]!);
    expect(bo.code(voidCommand(tapped))).toBe('TAMPERED');
    expect(bo.code(receiveCommand(tapped))).toBe('TAMPERED');
    expect(bo.signed).toEqual([]);
    bo.meddle = null;
    expect(bo.get(voidCommand(tapped), 6).verdict).toBe(1);
  });

  it('never gets one payment signed in the place of another', () => {
    const second = tap(ada, bo, 10n, { despiteDoubt: true });
    ada.signed.length = 0;
    const other = ada.log.get(ada.purse.open[1]!.seq)!;
    meddleReading(ada, () => other);
    expect(ada.code(retry())).toBe('TAMPERED');
    meddleReading(ada, () => null);
    expect(ada.code(retry())).toBe('TAMPERED');
    meddleReading(ada, () => Uint8Array.of(0xff));
    expect(ada.code(retry())).toBe('TAMPERED');
    expect(ada.signed).toEqual([]);
    ada.meddle = null;
    expect(ada.get(retry(), 1).message).toEqual(tapped.payment);
    expect(second.id).not.toEqual(tapped.id);
  });

  it('cannot pass an entry off as of another purse of the same secret', () => {
    const entry = ada.log.get(3)!.slice();
    entry[entry.length - 5] = (entry.at(-5) ?? 0) ^ 1;
    meddleReading(ada, () => entry);
    expect(ada.code(retry())).toBe('TAMPERED');
  });
});
