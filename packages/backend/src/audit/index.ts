import type { TrustStore } from '@tallystick/protocol';
import type { Store } from '../store/port.ts';
import type { VerifyMany } from '../verification/verifier.ts';
import { type Books, readBooks } from './books.ts';
import { compareCertificates } from './certificates.ts';
import { compareBalances, compareExposure, compareHalves, comparePostings } from './compare.ts';
import { compareDecisions } from './decisions.ts';
import { expectLedger } from './ledger.ts';
import type { LogFindings } from './log-findings.ts';
import { compareLost } from './lost.ts';
import { comparePurses } from './purses.ts';
import type { AuditReport, Difference } from './report.ts';
import { compareRevocations, readRevoked, revokedInTime } from './revocations.ts';
import { type Rulings, ruleOn } from './rulings.ts';
import { type Shards, shardsOf } from './shards.ts';
import { compareStanding, contradictory, convicts } from './standing.ts';
import { Supply } from './supply.ts';
import { hearFacts } from './testimony.ts';

export type { AuditReport, Difference } from './report.ts';

export interface AuditOptions {
  readonly store: Pick<Store, 'view'>;
  readonly trust: TrustStore;
  readonly verifyMany: VerifyMany;
  /** Rows of the ledger that are held at once, and those of one purse more; 5,000 unless given. */
  readonly rowsAtOnce?: number;
  /** Told, as it goes on, of how many facts and of how many purses' shards are done. */
  readonly progress?: (done: { readonly facts: number; readonly purses: number }) => void;
}

const ROWS_AT_ONCE = 5_000;

/**
 * Works the whole ledger out again from the facts and the issuer's decisions, with code of its own,
 * and names every difference from what is stored. It reads one moment, changes nothing, and verifies
 * every signature again that the ledger rests on. Logs are heard and shards compared purse by purse;
 * what is held of the whole ledger is its purses, the decisions, and what is found of each payment.
 */
export function audit(options: AuditOptions): Promise<AuditReport> {
  const { trust, verifyMany, rowsAtOnce = ROWS_AT_ONCE, progress = () => undefined } = options;
  return options.store.view(async (view) => {
    const { reports } = view;
    const { books, meet } = await readBooks(view);
    const heard = (facts: number): void => progress({ facts, purses: 0 });
    const hearing = { reports, books, meet, verifyMany, rowsAtOnce, heard };
    const testimony = await hearFacts(hearing);
    const { payments, logs, facts, signatures } = testimony;
    const lists = await readRevoked(books, trust, verifyMany);
    const inTime = await revokedInTime(books, trust, verifyMany);
    const proofs = await convicts(books, trust, verifyMany);
    const rulings = ruleOn(books, payments, proofs.culprits);
    const all = shardsOf(reports, books, payments.values(), rowsAtOnce);
    const shards = await compareShards(all, books, logs, rulings, (purses) =>
      progress({ facts, purses }),
    );
    const differences: Difference[] = [
      ...testimony.differences,
      ...(await compareCertificates(books, logs, trust, verifyMany)),
      ...proofs.differences,
      ...lists.differences,
      ...compareDecisions(books, logs, payments),
      ...compareRevocations(books, { revoked: lists.revoked, inTime }, rulings.pending),
      ...compareLost(books, logs, payments),
      ...shards.differences,
    ];
    return {
      agrees: differences.length === 0,
      purses: books.purses.size,
      facts,
      payments: payments.size,
      postings: shards.postings,
      signatures,
      undelivered: books.undelivered.length,
      differences,
    };
  });
}

/** Everything that lies in the purses' shards against what facts and decisions say. */
async function compareShards(
  all: AsyncIterable<Shards>,
  books: Books,
  logs: LogFindings,
  rulings: Rulings,
  compared: (purses: number) => void,
): Promise<{ readonly differences: readonly Difference[]; readonly postings: number }> {
  const suspects = contradictory(logs, rulings.payments.values());
  const differences: Difference[] = [];
  const supply = new Supply();
  let [postings, purses] = [0, 0];
  for await (const shards of all) {
    const expected = expectLedger(books, shards, rulings);
    differences.push(
      ...compareStanding(books, shards, suspects, rulings),
      ...compareExposure(books, shards, rulings),
      ...comparePurses(books, shards, logs),
      ...compareHalves(books, shards, expected, rulings),
      ...comparePostings(shards, expected, rulings),
      ...compareBalances(shards),
    );
    supply.add(shards.balances);
    postings += shards.postings.length;
    purses += shards.purses.size;
    compared(purses);
  }
  return { differences: [...differences, ...supply.differences()], postings };
}
