import {
  attempt,
  decodePayload,
  decodeSigned,
  horizonOf,
  type LostReport,
  lostReport,
  recordId,
  type Refund,
  refund,
  toHex,
} from '@tallystick/protocol';
import type { DecisionRow, PurseRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import type { PaymentFindings } from './findings.ts';
import type { LogFindings } from './log-findings.ts';
import type { Difference } from './report.ts';

/** A refund as it was signed; its signature is for others to verify. */
export interface ReadRefund {
  readonly decision: DecisionRow;
  readonly refund: Refund;
  /** Ids of what it takes back. */
  readonly payments: readonly string[];
}

interface ReadReport {
  readonly id: string;
  readonly report: LostReport;
}

/** Every refund whose bytes are one. */
export function readRefunds({ decisions }: Books): ReadRefund[] {
  return decisions.flatMap((decision) => {
    if (decision.kind !== 'refund') return [];
    const read = attempt(() => decodePayload(decodeSigned(decision.wire).payload, refund, ''));
    if (!read.ok) return [];
    return [{ decision, refund: read.value, payments: read.value.payments.map(toHex) }];
  });
}

/** By purse, what was reported of its loss. */
function readReports({ decisions }: Books): Map<string, ReadReport> {
  const reports = new Map<string, ReadReport>();
  for (const { kind, purse, wire } of decisions) {
    if (kind !== 'lost') continue;
    const read = attempt(() => {
      const signed = decodeSigned(wire);
      const report = decodePayload(signed.payload, lostReport, '');
      return { id: toHex(recordId(signed)), report };
    });
    if (read.ok && toHex(read.value.report.purse) === purse) reports.set(purse, read.value);
  }
  return reports;
}

/** What has been refunded to each purse, in minor units. */
export function refundedTotals(refunds: readonly ReadRefund[]): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const { decision, refund: message } of refunds) {
    totals.set(decision.purse, (totals.get(decision.purse) ?? 0n) + message.amount);
  }
  return totals;
}

/** Unloads of each purse that were neither paid nor taken back, in minor units. */
export function unpaidUnloads(
  payments: Iterable<PaymentFindings>,
  purses: Books['purses'],
): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const { payer, payee, currency, amount, paidOut, takenBack } of payments) {
    const isHome = payee?.purse === null && payee.participant === payer.participant;
    const isOwn = purses.get(payer.purse ?? '')?.currency === currency;
    if (payer.purse === null || !isHome || !isOwn || paidOut || takenBack) continue;
    totals.set(payer.purse, (totals.get(payer.purse) ?? 0n) + amount);
  }
  return totals;
}

/** Reports and refunds against what they must have seen, and the purses' rows against them. */
export function compareLost(
  books: Books,
  logs: LogFindings,
  payments: ReadonlyMap<string, PaymentFindings>,
): Difference[] {
  const reports = readReports(books);
  const refunds = Map.groupBy(readRefunds(books), ({ decision }) => decision.purse);
  return [
    ...books.decisions.flatMap((decision) => {
      const fault = faultOf(decision, logs, reports, refunds, payments);
      const { purse, cause: name, kind: stored } = decision;
      return fault === null
        ? []
        : [{ subject: 'decision' as const, purse, name, stored, computed: fault }];
    }),
    ...[...books.purses.values()].flatMap((purse) =>
      compareRow(purse, reports.get(purse.id), refunds.get(purse.id) ?? []),
    ),
  ];
}

function faultOf(
  decision: DecisionRow,
  logs: LogFindings,
  reports: ReadonlyMap<string, ReadReport>,
  refunds: ReadonlyMap<string, readonly ReadRefund[]>,
  payments: ReadonlyMap<string, PaymentFindings>,
): string | null {
  const { kind, purse, cause } = decision;
  const report = reports.get(purse);
  if (kind === 'lost') {
    return report === undefined || cause !== purse ? 'its bytes are of something else' : null;
  }
  if (kind !== 'refund') return null;
  const read = refunds.get(purse)?.find((each) => each.decision === decision);
  if (read === undefined || nameOf(read.refund) !== cause) return 'its bytes are of something else';
  if (report === undefined || toHex(read.refund.report) !== report.id) return 'no report of a loss';
  if (read.refund.time <= horizonOf(report.report).claimUntil) return 'made before its horizon';
  const { statement } = read.refund;
  const isKnown = statement === null || logs.statement(purse, toHex(statement)) !== undefined;
  if (!isKnown) return 'its statement is not known';
  const { currency } = read.refund;
  const mayTakeBack = (id: string): boolean => isForfeit(payments.get(id), purse, currency);
  return read.payments.every(mayTakeBack) ? null : 'it takes back what is not its purse’s';
}

/** The cause that a refund goes by: its purse and its number. */
function nameOf({ purse, number }: Refund): string {
  return toHex(purse) + number.toString(16).padStart(8, '0');
}

/** Whether a payment's money is its purse's again, or on its way to it from the issuer. */
function isForfeit(payment: PaymentFindings | undefined, purse: string, currency: number): boolean {
  if (payment?.currency !== currency) return false;
  if (payment.load !== null) return payment.load.purse === purse;
  if (payment.payer.purse !== purse || payment.paidOut) return false;
  const isUnload = payment.payee?.purse === null;
  return isUnload || payment.closed || payment.voids.has(payment.payee?.purse ?? '');
}

function compareRow(
  row: PurseRow,
  report: ReadReport | undefined,
  refunds: readonly ReadRefund[],
): Difference[] {
  const numbers = refunds.map(({ refund: { number } }) => number).sort((a, b) => a - b);
  const sum = refunds.reduce((total, { refund: { amount } }) => total + amount, 0n);
  // It moves on with every sync after the report, and never back.
  const horizon = report === undefined ? null : horizonOf(report.report).claimUntil;
  const isLater = horizon !== null && row.horizon !== null && row.horizon >= horizon;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['horizon', row.horizon, isLater ? row.horizon : horizon],
    ['refunds', row.refunds, numbers.length],
    ['last refund', row.refunds, numbers.at(-1) ?? 0],
    ['refunded', row.refunded, sum],
  ];
  return pairs
    .filter(([, stored, computed]) => stored !== computed)
    .map(([name, stored, computed]) => ({
      subject: 'standing',
      purse: row.id,
      name: row.id,
      stored: `${name} ${String(stored)}`,
      computed: `${name} ${String(computed)}`,
    }));
}
