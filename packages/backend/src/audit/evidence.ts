import {
  attempt,
  type Bytes,
  decodeSigned,
  RECORD,
  type SignatureCheck,
  toHex,
} from '@tallystick/protocol';
import type { CertificateRow, DecisionRow, FactRow } from '../store/rows.ts';
import type { VerifyMany } from '../verification/verifier.ts';
import type { Books } from './books.ts';
import { Logs } from './logs.ts';
import { type Carried, type ReadFact, readCarried, readFact, signatureCheck } from './records.ts';
import type { Difference, Subject } from './report.ts';
import { listSigner } from './revocations.ts';

/** Facts that stand up to being read and verified again. */
export interface Evidence {
  readonly facts: readonly ReadFact[];
  /** What each receipt, void and restore carries. */
  readonly carried: ReadonlyMap<ReadFact, Carried>;
  readonly logs: Logs;
  readonly signatures: number;
  readonly differences: readonly Difference[];
}

const BATCH = 1_000;

/** References that may be of certificates without a purse: issuing keys. */
export function issuingRefs(
  facts: readonly FactRow[],
  decisions: readonly DecisionRow[],
  lists: readonly Bytes[],
): string[] {
  const refs = new Set<string>();
  for (const wire of lists) {
    const signer = attempt(() => listSigner(wire));
    if (signer.ok) refs.add(signer.value);
  }
  for (const { wire, external } of decisions) {
    const signed = attempt(() => decodeSigned(wire, external));
    if (signed.ok) refs.add(toHex(signed.value.kid));
  }
  for (const fact of facts) {
    const read = readFact(fact);
    if (typeof read === 'string') continue;
    if (read.record.kind === RECORD.payment) refs.add(toHex(read.record.payee));
    const carried = readCarried(read);
    if (carried?.ok !== true) continue;
    refs.add(toHex(carried.value.signed.kid));
    if (carried.value.message !== null) refs.add(toHex(carried.value.message.payee));
  }
  return [...refs];
}

/**
 * Establishes again, from the bytes alone, that every fact is authentic: its place in its log, the
 * signature or the signed statement that covers it, and the signatures it rests on (rule 6).
 */
export async function weigh(books: Books, verifyMany: VerifyMany): Promise<Evidence> {
  const differences: Difference[] = [];
  const accuse = (subject: Subject, fact: FactRow, computed: string): void => {
    differences.push({ subject, purse: fact.purse, name: fact.id, stored: 'a fact', computed });
  };
  const read: ReadFact[] = [];
  for (const fact of books.facts) {
    const result = readFact(fact);
    if (typeof result === 'string') accuse('fact', fact, result);
    else read.push(result);
  }
  const docket = new Docket(verifyMany);
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
  const covered = coveredBy(logs, signed);
  const sound = read.filter((each) => {
    const isOwn = isOwnKey(each, books);
    if (!isOwn) accuse('fact', each.fact, 'its key is not one of the purse at its position');
    if (!covered.has(each)) accuse('coverage', each.fact, 'no signed statement covers it');
    return isOwn && covered.has(each);
  });
  const carried = await weighCarried(sound, books, docket, accuse);
  const facts = sound.filter((each) => readCarried(each) === null || carried.has(each));
  await weighDecisions(books, docket, (decision, computed) => {
    const { purse, cause: name, kind: stored } = decision;
    differences.push({ subject: 'decision', purse, name, stored, computed });
  });
  return { facts, carried, logs, signatures: docket.asked, differences };
}

/** Questions to the verifier, asked in batches. */
class Docket {
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

/** Signed records, and what lies under the signed statements of the same purse. */
function coveredBy(logs: Logs, signed: ReadonlySet<ReadFact>): Set<ReadFact> {
  for (const each of signed) if (each.record.kind === RECORD.statement) logs.follow(each);
  return new Set([...signed, ...logs.followed]);
}

function isOwnKey({ fact, record }: ReadFact, { certificates }: Books): boolean {
  const certificate = certificates.get(fact.kid);
  if (certificate?.purse !== fact.purse) return false;
  return fact.salt === null || certificate.fromSeq <= record.seq;
}

/** The evidence that holds: of the right payment, by somebody who could say so, and authentic. */
async function weighCarried(
  facts: readonly ReadFact[],
  books: Books,
  docket: Docket,
  accuse: (subject: Subject, fact: FactRow, computed: string) => void,
): Promise<Map<ReadFact, Carried>> {
  const known = new Set(facts.map(({ fact, id }) => `${fact.purse} ${id}`));
  const loads = books.decisions.filter(({ kind }) => kind === 'load');
  for (const { purse, cause } of loads) known.add(`${purse} ${cause}`);
  const mayDecide = decidersOf(facts, books);
  const carried = new Map<ReadFact, Carried>();
  for (const each of facts) {
    const { fact, record } = each;
    const found = readCarried(each);
    if (found === null || fact.salt === null) continue;
    const isIt =
      found.ok && 'paymentId' in record && toHex(record.paymentId) === found.value.payment;
    if (!isIt) {
      accuse('evidence', fact, 'its evidence is of something else');
      continue;
    }
    const { signed, kind, payment } = found.value;
    const signer = books.certificates.get(toHex(signed.kid));
    // A payment that its payer's own shard has, or a load of this purse, is authentic already.
    const home = signer?.purse ?? fact.purse;
    if (kind === 'payment' && known.has(`${home} ${payment}`)) {
      carried.set(each, found.value);
      continue;
    }
    if (!mayDecide(found.value, fact.purse, signer)) {
      accuse('evidence', fact, 'nobody who could decide it signed its evidence');
      continue;
    }
    docket.ask(signatureCheck(signed, signed.signature, signer), (holds) => {
      if (holds) carried.set(each, found.value);
      else accuse('evidence', fact, 'its evidence does not verify');
    });
  }
  await docket.settle();
  return carried;
}

type MayDecide = (carried: Carried, purse: string, signer: CertificateRow | undefined) => boolean;

/**
 * A payment is its payer's own affair. It is taken back on its payee's void, or on a closure that the
 * issuer signed and knows of (rule 2).
 */
function decidersOf(facts: readonly ReadFact[], { certificates, decisions }: Books): MayDecide {
  const closures = decisions.filter(({ kind }) => kind === 'closure');
  const closed = new Set(closures.map(({ cause }) => cause));
  const payees = new Map<string, string>();
  const restored = new Set(
    facts.flatMap(({ record }) => (record.kind === RECORD.restore ? toHex(record.paymentId) : [])),
  );
  for (const { fact, record, id } of facts) {
    if (record.kind !== RECORD.payment || !restored.has(id)) continue;
    payees.set(`${fact.purse} ${id}`, toHex(record.payee));
  }
  return ({ kind, payment }, purse, signer) => {
    if (kind === 'payment') return true;
    if (kind === 'closure') return signer?.purse === null && closed.has(payment);
    const payee = certificates.get(payees.get(`${purse} ${payment}`) ?? '')?.purse ?? null;
    return payee !== null && signer?.purse === payee;
  };
}

const SIGNED: ReadonlySet<DecisionRow['kind']> = new Set(['load', 'closure', 'lost', 'refund']);

/** What the issuer decided is signed by an issuing key; the rest says what was done. */
async function weighDecisions(
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
