import {
  type Bytes,
  checkCertificate,
  type Checking,
  decodePurseCertificate,
  equal,
  ISSUER_TIER,
  type PurseCertificate,
  toHex,
  type TrustStore,
} from '@tallystick/protocol';
import type { CertificateRow } from '../store/rows.ts';
import { runCheckings, type VerifyMany } from '../verification/verifier.ts';
import type { Books } from './books.ts';
import type { LogFindings } from './log-findings.ts';
import type { Difference } from './report.ts';

const BATCH = 1_000;

interface Checked {
  readonly certificate: PurseCertificate;
  /** Code of the participant, or operator, whose authority signed it. */
  readonly code: string;
}

/** Every certificate's row against what an authority of the scheme signed (TS-CRT-5). */
export async function compareCertificates(
  { certificates }: Books,
  { renewals }: LogFindings,
  trust: TrustStore,
  verifyMany: VerifyMany,
): Promise<Difference[]> {
  const rows = [...certificates.values()];
  const differences: Difference[] = [];
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH);
    const checkings = batch.map((row) => check(row, trust));
    const outcomes = await runCheckings(checkings, verifyMany);
    for (const [at, row] of batch.entries()) {
      const outcome = outcomes[at];
      const computed =
        outcome?.ok === true
          ? faultOf(row, outcome.value, renewals)
          : 'no authority of the scheme signed it';
      if (computed === null) continue;
      const [purse, name, stored] = [row.purse ?? '', row.ref, 'a certificate'];
      differences.push({ subject: 'certificate', purse, name, stored, computed });
    }
  }
  return differences;
}

function* check({ wire }: CertificateRow, trust: TrustStore): Checking<Checked> {
  const certificate = decodePurseCertificate(wire);
  const authority = yield* checkCertificate(certificate, trust, 0);
  return { certificate, code: authority.subject };
}

function faultOf(
  row: CertificateRow,
  { certificate, code }: Checked,
  renewals: ReadonlyMap<string, ReadonlySet<number>>,
): string | null {
  const { ref, key, profile, expires } = certificate;
  const isAsSigned =
    row.ref === toHex(ref) &&
    row.participant === code &&
    row.statusIndex === profile.statusIndex &&
    row.alg === key.alg &&
    equal(row.key, key.bytes) &&
    row.expires === expires &&
    (row.purse === null) === (profile.tier === ISSUER_TIER);
  if (!isAsSigned) return 'its columns contradict its bytes';
  return row.purse === null || beginsRightly(row, row.purse, renewals)
    ? null
    : 'its first position is another';
}

/** The first certificate names its purse and begins its log; another follows the renewal of its key. */
function beginsRightly(
  row: CertificateRow,
  purse: string,
  renewals: ReadonlyMap<string, ReadonlySet<number>>,
): boolean {
  const { ref, fromSeq } = row;
  if (ref === purse || fromSeq === 1) return ref === purse && fromSeq === 1;
  const known = renewals.get(renewalName(purse, row));
  // Its purse may not have brought the entry yet.
  return known === undefined || known.has(fromSeq - 1);
}

/** How a key goes by that a renewal of a purse names. */
export function renewalName(
  purse: string,
  key: { readonly alg: number; readonly key: Bytes },
): string {
  return `${purse} ${key.alg} ${toHex(key.key)}`;
}
