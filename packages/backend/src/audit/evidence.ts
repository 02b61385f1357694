import {
  attempt,
  decodeSigned,
  RECORD,
  type Result,
  type SignatureCheck,
  toHex,
} from '@tallystick/protocol';
import type { CertificateRow, DecisionRow, FactRow } from '../store/rows.ts';
import type { VerifyMany } from '../verification/verifier.ts';
import type { Books, MeetCertificates } from './books.ts';
import type { Findings } from './findings.ts';
import { Logs } from './logs.ts';
import { type Carried, type ReadFact, readCarried, readFact, signatureCheck } from './records.ts';
import type { Subject } from './report.ts';

const BATCH = 1_000;

/** Facts of some purses that stand up to being read and verified again. */
export interface Evidence {
  readonly facts: readonly ReadFact[];
  readonly logs: Logs;
  /** Receipts, voids and restores whose evidence verifies, or is known anyway. */
  readonly answers: readonly Answer[];
  /** Those whose evidence does not verify: it may yet turn out that its payment is known anyway. */
  readonly doubtful: readonly Answer[];
}

/** A receipt, void or restore, and what it carries. */
export interface Answer {
  readonly fact: ReadFact;
  readonly carried: Carried;
}

/** Names a fact that is not what it should be. */
export type Accuse = (subject: Subject, fact: FactRow, computed: string) => void;

/** What facts are weighed with. */
export interface Scales {
  readonly books: Books;
  /** Payments that the issuer has closed. */
  readonly closed: ReadonlySet<string>;
  readonly meet: MeetCertificates;
  readonly findings: Findings;
  readonly docket: Docket;
  readonly accuse: Accuse;
}

/**
 * Establishes again, from the bytes alone, that every fact of some purses is authentic: its place in
 * its log, the signature or the signed statement that covers it, and the signatures it rests on
 * (rule 6). The payments among them are heard at once.
 */
export async function weigh(rows: readonly FactRow[], scales: Scales): Promise<Evidence> {
  const { books, docket, accuse } = scales;
  const read: ReadFact[] = [];
  for (const fact of rows) {
    const result = readFact(fact);
    if (typeof result === 'string') accuse('fact', fact, result);
    else read.push(result);
  }
  const signed = new Set<ReadFact>();
  for (const each of read) {
    const { signature, kid } = each.fact;
    if (signature === null) continue;
    const check = signatureCheck(each.unsigned, signature, books.certificates.get(kid));
    docket.ask(check, (holds) => {
      if (holds) signed.add(each);
      else accuse('fact', each.fact, 'its signature does not verify');
    });
  }
  await docket.settle();

  const logs = new Logs(read);
  for (const { fact } of logs.twice) accuse('fact', fact, 'it is there twice');
  const covered = coveredBy(read, logs, signed);
  const facts = read.filter((each) => {
    const isOwn = isOwnKey(each, books);
    if (!isOwn) accuse('fact', each.fact, 'its key is not one of the purse at its position');
    if (!covered.has(each)) accuse('coverage', each.fact, 'no signed statement covers it');
    return isOwn && covered.has(each);
  });
  return { facts, logs, ...(await weighAnswers(facts, scales)) };
}

/** Questions to the verifier, asked in batches. */
export class Docket {
  asked = 0;
  readonly #verifyMany: VerifyMany;
  #waiting: { check: SignatureCheck; tell: (holds: boolean) => void }[] = [];

  constructor(verifyMany: VerifyMany) {
    this.#verifyMany = verifyMany;
  }

  ask(check: SignatureCheck | null, tell: (holds: boolean) => void): void {
    if (check === null) tell(false);
    else this.#waiting.push({ check, tell });
  }

  async settle(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      this.asked += batch.length;
      const verdicts = await this.#verifyMany(batch.map(({ check }) => check));
      for (const [at, { tell }] of batch.entries()) tell(verdicts[at] === true);
    }
  }
}

/** Signed records, with or without their entry, and what lies under the signed statements of the same purse. */
function coveredBy(
  read: readonly ReadFact[],
  logs: Logs,
  signed: ReadonlySet<ReadFact>,
): Set<ReadFact> {
  const nameOf = ({ fact }: ReadFact): string => fact.purse + fact.id;
  const names = new Set([...signed].map(nameOf));
  for (const each of signed) if (each.record.kind === RECORD.statement) logs.follow(each);
  return new Set([...read.filter((each) => names.has(nameOf(each))), ...logs.followed]);
}

function isOwnKey({ fact, record }: ReadFact, { certificates }: Books): boolean {
  const certificate = certificates.get(fact.kid);
  if (certificate?.purse !== fact.purse) return false;
  return fact.salt === null || certificate.fromSeq <= record.seq;
}

/** The evidence that holds: of the right payment, by somebody who could say so, and authentic. */
async function weighAnswers(
  facts: readonly ReadFact[],
  scales: Scales,
): Promise<Pick<Evidence, 'answers' | 'doubtful'>> {
  const { books, meet, findings, docket, accuse } = scales;
  const carrying = facts.flatMap((fact) => {
    const carried = readCarried(fact);
    return carried === null || fact.fact.salt === null ? [] : [{ fact, carried }];
  });
  await meet(namedBy(facts, carrying));
  for (const fact of facts) findings.pay(fact);
  const answers: Answer[] = [];
  const doubtful: Answer[] = [];
  for (const { fact: each, carried: found } of carrying) {
    const { fact, record } = each;
    const isIt =
      found.ok && 'paymentId' in record && toHex(record.paymentId) === found.value.payment;
    if (!isIt) {
      accuse('evidence', fact, 'its evidence is of something else');
      continue;
    }
    const answer = { fact: each, carried: found.value };
    const { signed, kind, payment } = found.value;
    // A payment that its payer's own shard has, or a load of this purse, is authentic already.
    if (kind === 'payment' && findings.isKnown(payment, fact.purse)) {
      answers.push(answer);
      continue;
    }
    const signer = books.certificates.get(toHex(signed.kid));
    if (!mayDecide(found.value, fact.purse, signer, scales)) {
      accuse('evidence', fact, 'nobody who could decide it signed its evidence');
      continue;
    }
    docket.ask(signatureCheck(signed, signed.signature, signer), (holds) => {
      (holds ? answers : doubtful).push(answer);
    });
  }
  await docket.settle();
  return { answers, doubtful };
}

/** References of certificates that payments name as their payees', or that evidence is signed under. */
function namedBy(
  facts: readonly ReadFact[],
  carrying: readonly { readonly carried: Result<Carried> }[],
): string[] {
  return [
    ...facts.flatMap(({ record }) => (record.kind === RECORD.payment ? toHex(record.payee) : [])),
    ...carrying.flatMap(({ carried }) => {
      if (!carried.ok) return [];
      const { signed, message } = carried.value;
      return [toHex(signed.kid), ...(message === null ? [] : [toHex(message.payee)])];
    }),
  ];
}

/**
 * A payment is its payer's own affair. It is taken back on its payee's void, or on a closure that the
 * issuer signed and knows of (rule 2).
 */
function mayDecide(
  { kind, payment }: Carried,
  purse: string,
  signer: CertificateRow | undefined,
  { findings, closed }: Scales,
): boolean {
  if (kind === 'payment') return true;
  if (kind === 'closure') return signer?.purse === null && closed.has(payment);
  const found = findings.payments.get(payment);
  const isOwn = found?.isHome === true && found.payer.purse === purse;
  const payee = isOwn ? (found.payee?.purse ?? null) : null;
  return payee !== null && signer?.purse === payee;
}

const SIGNED: ReadonlySet<DecisionRow['kind']> = new Set(['load', 'closure', 'lost', 'refund']);

/** What the issuer decided is signed by an issuing key; the rest says what was done. */
export async function weighDecisions(
  { decisions, certificates }: Books,
  docket: Docket,
  accuse: (decision: DecisionRow, computed: string) => void,
): Promise<void> {
  for (const decision of decisions) {
    if (!SIGNED.has(decision.kind)) continue;
    const signed = attempt(() => decodeSigned(decision.wire, decision.external));
    const signer = signed.ok ? certificates.get(toHex(signed.value.kid)) : undefined;
    const check =
      signed.ok && signer?.purse === null
        ? signatureCheck(signed.value, signed.value.signature, signer)
        : null;
    docket.ask(check, (holds) => {
      if (!holds) accuse(decision, 'no issuing key signed it');
    });
  }
  await docket.settle();
}
