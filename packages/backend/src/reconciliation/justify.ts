import { type ErrorCode, RECORD, type SignatureCheck, toHex } from '@tallystick/protocol';
import type { Transaction } from '../store/port.ts';
import type { CertificateRef, CertificateRow, PurseId, RecordId } from '../store/rows.ts';
import type { Context } from './context.ts';
import type { Entry } from './entries.ts';
import { type Grounds, readGrounds, refsOf } from './grounds.ts';
import type { Work } from './work.ts';

/** A covered entry whose grounds hold. */
export interface Justified {
  readonly entry: Entry;
  readonly grounds: Grounds;
  /** Whether the signature in the grounds was verified, or stood proven without. */
  readonly isVerified: boolean;
}

export interface Verdicts {
  readonly justified: readonly Justified[];
  readonly failed: readonly { readonly entry: Entry; readonly code: ErrorCode }[];
  /** Certificates that the entries name, and the list versions that revoked them. */
  readonly certificates: ReadonlyMap<CertificateRef, CertificateRow>;
  readonly revocations: ReadonlyMap<CertificateRef, number>;
}

interface Read {
  readonly entry: Entry;
  readonly grounds: Grounds;
}

type Finding = 'holds' | SignatureCheck | { readonly code: ErrorCode };

/**
 * Decides which covered entries may count: signed under a certificate of this purse that is valid at
 * their position, on grounds that are authentic themselves. A payment in somebody's evidence is
 * verified alone only where neither this shard nor the payer's has it proven already.
 */
export async function justify(
  work: Work,
  tx: Transaction,
  context: Context,
  covered: readonly Entry[],
): Promise<Verdicts> {
  const failed: { entry: Entry; code: ErrorCode }[] = [];
  const read: Read[] = [];
  for (const entry of covered) {
    const grounds = readGrounds(entry);
    const wrongSigner = signerFault(entry, work.certificates);
    // GUARD own-signer (rule 6): a head vouches for its own signer alone.
    if (wrongSigner !== null) failed.push({ entry, code: wrongSigner });
    else if (grounds.ok) read.push({ entry, grounds: grounds.value });
    else failed.push({ entry, code: grounds.error.code });
  }
  const refs = new Set(read.flatMap(({ entry, grounds }) => refsOf(entry, grounds)));
  const rows = refs.size === 0 ? [] : await tx.certificates([...refs]);
  const certificates = new Map(rows.map((row) => [row.ref, row]));
  work.learn(await tx.read(work.purse.id, halvesFor(covered)));
  const proven = await provenElsewhere(work, tx, read, certificates);
  const revocations = await tx.revocations(payersOf(read));

  const judged = judge(work, read, certificates, proven);
  const checks = judged.flatMap(({ finding }) =>
    typeof finding === 'object' && 'key' in finding ? [finding] : [],
  );
  const verdicts = checks.length === 0 ? [] : await context.verifyMany(checks);
  const holds = new Map(checks.map((check, index) => [check, verdicts[index] === true]));

  const justified: Justified[] = [];
  for (const { entry, grounds, finding } of judged) {
    if (finding === 'holds') justified.push({ entry, grounds, isVerified: false });
    else if ('code' in finding) failed.push({ entry, code: finding.code });
    else if (holds.get(finding) === true) justified.push({ entry, grounds, isVerified: true });
    else failed.push({ entry, code: 'BAD_SIGNATURE' });
  }
  return { justified, failed, certificates, revocations };
}

/** A head vouches only for its own signer, under a key valid at the position (rule 6). */
function signerFault(entry: Entry, own: readonly CertificateRow[]): ErrorCode | null {
  const certificate = own.find(({ ref }) => ref === entry.kid);
  if (certificate === undefined || certificate.fromSeq > entry.record.seq) return 'WRONG_KEY';
  return certificate.alg === entry.log.record.alg ? null : 'ALGORITHM_MISMATCH';
}

function halvesFor(entries: readonly Entry[]): {
  payerHalves: RecordId[];
  payeeHalves: RecordId[];
} {
  const payerHalves: RecordId[] = [];
  const payeeHalves: RecordId[] = [];
  for (const entry of entries) {
    const { payment } = entry;
    if (entry.record.kind === RECORD.payment) payerHalves.push(entry.id);
    else if (entry.record.kind === RECORD.restore && payment !== null) payerHalves.push(payment);
    else if (payment !== null) payeeHalves.push(payment);
  }
  return { payerHalves, payeeHalves };
}

function payersOf(read: readonly Read[]): CertificateRef[] {
  const payers = read.flatMap(({ grounds }) =>
    grounds.kind === 'payment' ? [grounds.signer] : [],
  );
  return [...new Set(payers)];
}

/** Payments that their payers' shards hold as authentic, among those this shard does not know. */
async function provenElsewhere(
  work: Work,
  tx: Transaction,
  read: readonly Read[],
  certificates: ReadonlyMap<CertificateRef, CertificateRow>,
): Promise<ReadonlySet<RecordId>> {
  const questions = read.flatMap(({ entry, grounds }) => {
    const id = entry.payment;
    if (grounds.kind !== 'payment' || id === null || work.payeeHalves.has(id)) return [];
    // Whoever claims what was paid to somebody else is not asked again: it is verified at once.
    if (!work.ownRefs.has(grounds.payee)) return [];
    const purse = certificates.get(grounds.signer)?.purse ?? null;
    return purse === null ? [] : [{ purse, id }];
  });
  return questions.length === 0 ? new Set() : tx.proven(questions);
}

/** Entries in order of position, so that a restore finds the payment that came before it. */
function judge(
  work: Work,
  read: readonly Read[],
  certificates: ReadonlyMap<CertificateRef, CertificateRow>,
  proven: ReadonlySet<RecordId>,
): readonly (Read & { readonly finding: Finding })[] {
  const payees = new Map<RecordId, PurseId | null>();
  return read.map(({ entry, grounds }) => {
    const { record, id } = entry;
    if (record.kind === RECORD.payment) {
      payees.set(id, certificates.get(toHex(record.payee))?.purse ?? null);
    }
    return { entry, grounds, finding: find(entry, grounds) };
  });

  function find(entry: Entry, grounds: Grounds): Finding {
    const { payment } = entry;
    if (grounds.kind === 'own' || payment === null) return 'holds';
    const signer = certificates.get(grounds.signer);
    if (grounds.kind === 'payment' && work.payeeHalves.has(payment)) return 'holds';
    if (signer === undefined) return { code: 'UNKNOWN_CERTIFICATE' };
    if (grounds.kind === 'payment') {
      // A load is known here from the moment it was signed; another one is not for this purse.
      if (signer.purse === null) return { code: 'WRONG_PAYEE' };
      // GUARD payers-signature (rule 6): a payee's head does not vouch for its payer.
      return proven.has(payment) ? 'holds' : signatureOf(grounds, signer);
    }
    const half = work.payerHalves.get(payment);
    const payee = half?.inLog === true ? half.payeePurse : payees.get(payment);
    if (payee === undefined) return { code: 'NOT_OPEN' };
    // GUARD payee-decides (rule 6): a restore rests on its payee's void, or the issuer's closure.
    const mayDecide =
      grounds.kind === 'closure'
        ? signer.purse === null
        : signer.purse !== null && signer.purse === payee;
    return mayDecide ? signatureOf(grounds, signer) : { code: 'WRONG_ROLE' };
  }
}

function signatureOf(
  { signed, toBeSigned: message }: Exclude<Grounds, { readonly kind: 'own' }>,
  signer: CertificateRow,
): Finding {
  if (signed.alg !== signer.alg) return { code: 'ALGORITHM_MISMATCH' };
  return {
    key: { alg: signer.alg, bytes: signer.key },
    message,
    signature: signed.signature,
  };
}
