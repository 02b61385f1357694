import {
  type Bytes,
  checkCertificate,
  type Checking,
  checkStatusList,
  decodePurseCertificate,
  decodeSigned,
  demand,
  LIMITS,
  NO_EXTERNAL,
  OPERATOR,
  reject,
  STATUS_LIST_TYPE,
  type StatusList,
  toHex,
  type TrustStore,
} from '@tallystick/protocol';
import type { DecisionRow, ListRow, PurseRow } from '../store/rows.ts';
import { runOne, type VerifyMany } from '../verification/verifier.ts';
import type { Books } from './books.ts';
import type { Pending } from './compare.ts';
import type { Difference } from './report.ts';

/** What the newest status list revokes, as far as the operator signed it. */
export interface Revoked {
  readonly version: number;
  readonly indices: ReadonlySet<number>;
}

const NOBODY: Revoked = { version: 0, indices: new Set() };

/** Reference of the certificate that a list names as its signer's. Rejects: decoding codes. */
export function listSigner({ wire }: ListRow): string {
  return toHex(decodeList(wire).kid);
}

/** Reads the newest list again, and has its signature and its signer's verified (TS-LST-1). */
export async function readRevoked(
  { list, certificates }: Books,
  trust: TrustStore,
  verifyMany: VerifyMany,
): Promise<{ readonly revoked: Revoked; readonly differences: readonly Difference[] }> {
  if (list === null) return { revoked: NOBODY, differences: [] };
  const checked = await runOne(checkList(list.wire, certificates, trust), verifyMany);
  if (!checked.ok) {
    return { revoked: NOBODY, differences: [ofList(list, 'the operator did not sign it')] };
  }
  const { version, issuedAt, revoked } = checked.value;
  const isAsSigned =
    list.version === version &&
    list.issuedAt === issuedAt &&
    list.revoked.length === revoked.length &&
    list.revoked.every((index, at) => index === revoked[at]);
  return {
    revoked: { version, indices: new Set(revoked) },
    differences: isAsSigned ? [] : [ofList(list, 'its columns contradict its bytes')],
  };
}

function decodeList(wire: Bytes): ReturnType<typeof decodeSigned> {
  const maxBytes = LIMITS.listBytes + 1024;
  return decodeSigned(wire, NO_EXTERNAL, { typ: STATUS_LIST_TYPE, maxBytes });
}

function* checkList(
  wire: Bytes,
  certificates: Books['certificates'],
  trust: TrustStore,
): Checking<StatusList> {
  const row = certificates.get(toHex(decodeList(wire).kid)) ?? reject('UNKNOWN_CERTIFICATE');
  const signer = decodePurseCertificate(row.wire);
  const authority = yield* checkCertificate(signer, trust, 0);
  demand(authority.profile.role === OPERATOR, 'WRONG_ROLE', 'not the operator’s key');
  return yield* checkStatusList(wire, signer);
}

function ofList({ version }: ListRow, computed: string): Difference {
  return { subject: 'list', purse: '', name: String(version), stored: 'a list', computed };
}

/**
 * Revocations against the list that the operator signed, in both directions: nothing is ever taken
 * off a list, so that the newest one names every certificate that was revoked.
 */
export function compareRevocations(books: Books, revoked: Revoked, pending: Pending): Difference[] {
  const decided = new Map<string, number>();
  const firsts = new Map<string, number>();
  const differences: Difference[] = [];
  for (const decision of books.decisions) {
    if (decision.kind !== 'revocation') continue;
    const { purse, cause, kind: stored, version } = decision;
    decided.set(cause, version);
    firsts.set(purse, Math.min(version, firsts.get(purse) ?? version));
    const computed = faultOf(decision, books, revoked);
    if (computed !== null) {
      differences.push({ subject: 'decision', purse, name: cause, stored, computed });
    }
  }
  for (const { ref, purse, statusIndex } of books.certificates.values()) {
    if (purse === null || decided.has(ref) || !revoked.indices.has(statusIndex)) continue;
    const [stored, computed] = ['no revocation', 'revoked'];
    differences.push({ subject: 'decision', purse, name: ref, stored, computed });
  }
  const settled = books.purses.filter(({ id }) => !pending.purses.has(id));
  return [...differences, ...settled.flatMap((row) => compareRow(row, firsts.get(row.id) ?? null))];
}

function faultOf(
  { purse, cause, version }: DecisionRow,
  { certificates }: Books,
  revoked: Revoked,
): string | null {
  const certificate = certificates.get(cause);
  if (certificate?.purse !== purse) return 'no certificate of its purse';
  if (!revoked.indices.has(certificate.statusIndex)) return 'no list revokes it';
  return version >= 1 && version <= revoked.version ? null : 'no list of that version';
}

function compareRow({ id, revokedAt }: PurseRow, first: number | null): Difference[] {
  if (revokedAt === first) return [];
  const [stored, computed] = [`revokedAt ${revokedAt}`, `revokedAt ${first}`];
  return [{ subject: 'standing', purse: id, name: id, stored, computed }];
}
