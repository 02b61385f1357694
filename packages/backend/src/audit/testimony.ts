import type { Reports } from '../store/port.ts';
import type { FactRow } from '../store/rows.ts';
import type { VerifyMany } from '../verification/verifier.ts';
import type { Books, MeetCertificates } from './books.ts';
import { type Accuse, type Answer, Docket, weigh, weighDecisions } from './evidence.ts';
import { Findings, type PaymentFindings } from './findings.ts';
import { LogFindings } from './log-findings.ts';
import type { Difference } from './report.ts';
import { volumes } from './volumes.ts';

/** What all facts and decisions say, as far as they stand up to being read and verified again. */
export interface Testimony {
  /** By id. */
  readonly payments: ReadonlyMap<string, PaymentFindings>;
  readonly logs: LogFindings;
  readonly facts: number;
  readonly signatures: number;
  readonly differences: readonly Difference[];
}

export interface Hearing {
  readonly reports: Reports;
  readonly books: Books;
  readonly meet: MeetCertificates;
  readonly verifyMany: VerifyMany;
  /** Facts that are held at once, and those of one purse more. */
  readonly rowsAtOnce: number;
  /** Told how many facts have been heard. */
  readonly heard: (facts: number) => void;
}

/** Hears all facts, the whole log of a purse at a time, and keeps of them what they say. */
export async function hearFacts(hearing: Hearing): Promise<Testimony> {
  const { reports, books, meet, verifyMany, rowsAtOnce } = hearing;
  const differences: Difference[] = [];
  const accuse: Accuse = (subject, { purse, id: name }, computed) => {
    differences.push({ subject, purse, name, stored: 'a fact', computed });
  };
  const docket = new Docket(verifyMany);
  const findings = new Findings(books);
  const logs = new LogFindings(books);
  const closed = closedIn(books);
  const doubtful: Answer[] = [];
  let facts = 0;
  const read = volumes<FactRow>((after, limit) => reports.facts(after, limit), rowsAtOnce);
  for await (const volume of read) {
    const evidence = await weigh(volume, { books, closed, meet, findings, docket, accuse });
    for (const { fact, carried } of evidence.answers) findings.answer(fact, carried);
    doubtful.push(...evidence.doubtful);
    logs.hear(evidence);
    facts += volume.length;
    hearing.heard(facts);
  }
  for (const { fact, carried } of doubtful) {
    // Somebody may have spoilt the copy; the payer's own shard, heard later, has the payment itself.
    const isKnown =
      carried.kind === 'payment' && findings.isKnown(carried.payment, fact.fact.purse);
    if (isKnown) findings.answer(fact, carried);
    else accuse('evidence', fact.fact, 'its evidence does not verify');
  }
  findings.decide(books);
  await weighDecisions(books, docket, ({ purse, cause: name, kind: stored }, computed) => {
    differences.push({ subject: 'decision', purse, name, stored, computed });
  });
  return { payments: findings.payments, logs, facts, signatures: docket.asked, differences };
}

function closedIn({ decisions }: Books): ReadonlySet<string> {
  return new Set(decisions.flatMap(({ kind, cause }) => (kind === 'closure' ? cause : [])));
}
