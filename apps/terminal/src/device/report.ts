import type { Seconds } from '@tallystick/protocol';
import { changeOf, type Entry, isOutstanding, KIND, STATE } from './entry.ts';

/** How many, and how much, in minor units. */
export interface Sum {
  readonly count: number;
  readonly amount: bigint;
}

/** What a lane did on one day. */
export interface Report {
  readonly sales: Sum;
  readonly refunds: Sum;
  /** Sales less refunds. */
  readonly net: bigint;
  /** Of the net, what is in the banks' books. */
  readonly settled: Sum;
  /** Of the net, what is not there yet. */
  readonly outstanding: Sum;
}

export function reportOf(entries: readonly Entry[]): Report {
  // What came back to the refund purse was never paid back.
  const counted = entries.filter(({ state }) => state !== STATE.cameBack);
  const sales = sumOf(counted.filter(({ kind }) => kind === KIND.sale));
  const { count, amount } = sumOf(counted.filter(({ kind }) => kind === KIND.refund));
  return {
    sales,
    refunds: { count, amount: -amount },
    net: sales.amount + amount,
    settled: sumOf(counted.filter((entry) => !isOutstanding(entry))),
    outstanding: sumOf(counted.filter(isOutstanding)),
  };
}

export function sumOf(entries: readonly Entry[]): Sum {
  const amount = entries.reduce((total, entry) => total + changeOf(entry), 0n);
  return { count: entries.length, amount };
}

/** The day of a moment where this device is, such as `2026-11-30`. */
export function dayOf(at: Seconds): string {
  const date = new Date(at * 1_000);
  const two = (value: number): string => value.toString().padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function entriesOf(entries: readonly Entry[], day: string): readonly Entry[] {
  return entries.filter(({ at }) => dayOf(at) === day);
}

/** The days that there is something of, and today, newest first. */
export function daysOf(entries: readonly Entry[], today: string): readonly string[] {
  return [...new Set([today, ...entries.map(({ at }) => dayOf(at))])].toSorted().toReversed();
}
