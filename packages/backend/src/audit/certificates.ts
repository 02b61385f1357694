import {
  checkCertificate,
  type Checking,
  decodePurseCertificate,
  equal,
  ISSUER_TIER,
  type PurseCertificate,
  RECORD,
  toHex,
  type TrustStore,
} from '@tallystick/protocol';
import type { CertificateRow } from '../store/rows.ts';
import { runCheckings, type VerifyMany } from '../verification/verifier.ts';
import type { Books } from './books.ts';
import type { Evidence } from './evidence.ts';
import type { ReadFact } from './records.ts';
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
  { facts }: Evidence,
  trust: TrustStore,
  verifyMany: VerifyMany,
): Promise<Difference[]> {
  const renewals = renewedAt(facts);
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
  { ref, fromSeq, alg, key }: CertificateRow,
  purse: string,
  renewals: ReadonlyMap<string, ReadonlySet<number>>,
): boolean {
  if (ref === purse || fromSeq === 1) return ref === purse && fromSeq === 1;
  const known = renewals.get(keyName(purse, alg, key));
  // Its purse may not have brought the entry yet.
  return known === undefined || known.has(fromSeq - 1);
}

/** Positions of the renewals that name a key, by purse and key. */
function renewedAt(facts: readonly ReadFact[]): Map<string, Set<number>> {
  const positions = new Map<string, Set<number>>();
  for (const { fact, record } of facts) {
    if (record.kind !== RECORD.renewal) continue;
    const name = keyName(fact.purse, record.alg, record.key);
    positions.set(name, (positions.get(name) ?? new Set()).add(record.seq));
  }
  return positions;
}

function keyName(purse: string, alg: number, key: Uint8Array): string {
  return `${purse} ${alg} ${toHex(key)}`;
}
