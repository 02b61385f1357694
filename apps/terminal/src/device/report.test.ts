import { describe, expect, test } from 'vitest';
import { csvOf } from './csv.ts';
import { STATE, WAY } from './entry.ts';
import { dayOf, daysOf, entriesOf, reportOf } from './report.ts';
import { entry, refund } from './testing/entries.ts';

const NOON = Date.parse('2026-11-30T12:00:00') / 1_000;
const DAY = 86_400;

const sold = entry(1, { amount: 6_25n, state: STATE.settled, at: NOON });
const waiting = entry(2, { amount: 3_00n, at: NOON + 1, way: WAY.counter });
const back = refund(3, sold, { amount: 2_00n, at: NOON + 2, state: STATE.settled });
const doubted = refund(4, waiting, { amount: 50n, at: NOON + 3, state: STATE.inDoubt });
const undone = refund(5, sold, { amount: 1_00n, at: NOON + 4, state: STATE.cameBack });
const tomorrow = entry(6, { amount: 9_00n, at: NOON + DAY });
const all = [tomorrow, undone, doubted, back, waiting, sold];

describe('the report of a day', () => {
  const report = reportOf(entriesOf(all, dayOf(NOON)));

  test('adds up what was sold and paid back, without what came back', () => {
    expect(report).toEqual({
      sales: { count: 2, amount: 9_25n },
      refunds: { count: 2, amount: 2_50n },
      net: 6_75n,
      settled: { count: 2, amount: 4_25n },
      outstanding: { count: 2, amount: 2_50n },
    });
  });

  test('splits the net into what the banks have and what they have not', () => {
    expect(report.settled.amount + report.outstanding.amount).toBe(report.net);
    expect(report.settled.count + report.outstanding.count).toBe(
      report.sales.count + report.refunds.count,
    );
  });

  test('of a day without anything is nothing', () => {
    expect(reportOf([]).net).toBe(0n);
    expect(entriesOf(all, '2026-11-29')).toEqual([]);
  });

  test('is there for every day that has something, and for today', () => {
    expect(daysOf(all, '2026-12-02')).toEqual(['2026-12-02', '2026-12-01', '2026-11-30']);
  });
});

describe('the table for programs', () => {
  const lane = { shop: 'Kiosk "Norr"', lane: '=1+1', currency: 978 } as const;

  test('has a row for each entry, the oldest first, and its sale beside a refund', () => {
    const [head, first, , third] = csvOf(all, lane).split('\r\n');
    expect(head).toBe('time,shop,lane,kind,amount,currency,state,by,payment,refund_of');
    expect(first).toBe(
      `${new Date(NOON * 1_000).toISOString()},"Kiosk ""Norr""",'=1+1,sale,6.25,EUR,settled,request,${'01'.repeat(32)},`,
    );
    expect(third?.split(',').slice(3)).toEqual([
      'refund',
      '-2.00',
      'EUR',
      'settled',
      'request',
      '03'.repeat(32),
      '01'.repeat(32),
    ]);
  });

  test('adds up to the net of what it has', () => {
    const cents = csvOf(all, lane)
      .trim()
      .split('\r\n')
      .slice(1)
      .map((row) => BigInt(row.split(',')[4]?.replace('.', '') ?? ''));
    expect(cents.reduce((sum, each) => sum + each, 0n)).toBe(reportOf(all).net);
  });
});
