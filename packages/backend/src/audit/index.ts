import type { TrustStore } from '@tallystick/protocol';
import type { Store } from '../store/port.ts';
import type { VerifyMany } from '../verification/verifier.ts';
import { type Books, readBooks } from './books.ts';
import { compareCertificates } from './certificates.ts';
import {
  compareBalances,
  compareExposure,
  compareHalves,
  comparePostings,
  pendingIn,
} from './compare.ts';
import { compareDecisions } from './decisions.ts';
import { issuingRefs, weigh } from './evidence.ts';
import { findPayments, type PaymentFindings } from './findings.ts';
import { expectLedger } from './ledger.ts';
import { compareLost } from './lost.ts';
import { comparePurses } from './purses.ts';
import type { AuditReport, Difference } from './report.ts';
import { compareRevocations, readRevoked, revokedInTime } from './revocations.ts';
import { compareStanding, contradictory, convicts } from './standing.ts';

export type { AuditReport, Difference } from './report.ts';

export interface AuditOptions {
  readonly store: Pick<Store, 'view'>;
  readonly trust: TrustStore;
  readonly verifyMany: VerifyMany;
}

/**
 * Works the whole ledger out again from the facts and the issuer's decisions, with code of its own,
 * and names every difference from what is stored. It reads one moment, changes nothing, and verifies
 * every signature again that the ledger rests on.
 */
export async function audit({ store, trust, verifyMany }: AuditOptions): Promise<AuditReport> {
  const books = await store.view((view) => readBooks(view, issuingRefs));
  const evidence = await weigh(books, verifyMany);
  const payments = findPayments(books, evidence);
  const lists = await readRevoked(books, trust, verifyMany);
  const inTime = await revokedInTime(books, trust, verifyMany);
  const proofs = await convicts(books, trust, verifyMany);
  const expected = expectLedger(books, [...payments.values()], proofs.culprits);
  const suspects = contradictory(evidence, payments.values());
  const pending = pendingIn(books);
  const byPayer = groupByPayer(payments.values());

  const differences: Difference[] = [
    ...evidence.differences,
    ...(await compareCertificates(books, evidence, trust, verifyMany)),
    ...proofs.differences,
    ...lists.differences,
    ...books.purses
      .filter(({ id }) => !pending.purses.has(id))
      .flatMap((purse) => [
        ...compareStanding(purse, proofs.culprits, suspects),
        ...compareExposure(purse, byPayer.get(purse.id) ?? []),
      ]),
    ...comparePurses(books, evidence, payments.values()),
    ...compareHalves(books, payments, expected, pending),
    ...comparePostings(books, expected, pending),
    ...compareBalances(books),
    ...compareDecisions(books, evidence, payments),
    ...compareRevocations(books, { revoked: lists.revoked, inTime }, pending),
    ...compareLost(books, evidence, payments),
    ...compareSupply(books),
  ];
  return {
    agrees: differences.length === 0,
    purses: books.purses.length,
    facts: books.facts.length,
    payments: payments.size,
    postings: books.postings.length,
    signatures: evidence.signatures,
    undelivered: books.undelivered.length,
    differences,
  };
}

function groupByPayer(payments: Iterable<PaymentFindings>): Map<string, PaymentFindings[]> {
  const groups = new Map<string, PaymentFindings[]>();
  for (const found of payments) {
    const { purse } = found.payer;
    if (purse === null) continue;
    const group = groups.get(purse);
    if (group === undefined) groups.set(purse, [found]);
    else group.push(found);
  }
  return groups;
}

/** Reserve + loss + position = balances + in flight, per participant and currency (INV-SUPPLY). */
function compareSupply({ balances }: Books): Difference[] {
  const sums = new Map<string, bigint>();
  for (const { account, participant, currency, balance } of balances) {
    // Claims against culprits stand outside the equation, and against each other.
    if (account === 'receivable' || account === 'recourse') continue;
    const side = `${participant} in ${currency}`;
    sums.set(side, (sums.get(side) ?? 0n) + balance);
  }
  return [...sums]
    .filter(([, sum]) => sum !== 0n)
    .map(([name, sum]) => ({
      subject: 'supply',
      purse: '',
      name,
      stored: `off by ${sum}`,
      computed: 'balanced',
    }));
}
