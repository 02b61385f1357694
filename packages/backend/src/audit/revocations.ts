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
  isStatusSet,
  reject,
  STATUS_LIST_TYPE,
  type StatusList,
  statusIndices,
  toHex,
  type TrustStore,
} from '@tallystick/protocol';
import type { DecisionRow, ListRow, PurseRow } from '../store/rows.ts';
import { runOne, type VerifyMany } from '../verification/verifier.ts';
import type { Books } from './books.ts';

import type { Difference } from './report.ts';
import type { Pending } from './rulings.ts';

/** Reference of the certificate that a list names as its signer's. Rejects: decoding codes. */
export function listSigner(wire: Bytes): string {
  return toHex(decodeList(wire).kid);
}

/** What the newest list revokes. Reads it again, and has its signature and its signer's verified (TS-LST-1). */
export async function readRevoked(
  { list, certificates }: Books,
  trust: TrustStore,
  verifyMany: VerifyMany,
): Promise<{ readonly revoked: ReadonlySet<number>; readonly differences: readonly Difference[] }> {
  if (list === null) return { revoked: new Set(), differences: [] };
  const checked = await runOne(checkList(list.wire, certificates, trust), verifyMany);
  if (!checked.ok) {
    return { revoked: new Set(), differences: [ofList(list, 'the operator did not sign it')] };
  }
  const { version, issuedAt, bits } = checked.value;
  const revoked = statusIndices(bits);
  const isAsSigned =
    list.version === version &&
    list.issuedAt === issuedAt &&
    list.revoked.length === revoked.length &&
    list.revoked.every((index, at) => index === revoked[at]);
  return {
    revoked: new Set(revoked),
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
 * Revocations that came with the first list that names their certificate, by whose version it is judged
 * who bears a loss (rule 7).
 */
export async function revokedInTime(
  { lists, certificates, decisions }: Books,
  trust: TrustStore,
  verifyMany: VerifyMany,
): Promise<ReadonlySet<DecisionRow>> {
  /** The bits of a list; nothing of one that is not there, or that the operator did not sign so. */
  const bitsOf = async (version: number): Promise<Bytes | null> => {
    const wire = lists.get(version);
    if (wire === undefined) return null;
    const checked = await runOne(checkList(wire, certificates, trust), verifyMany);
    return checked.ok && checked.value.version === version ? checked.value.bits : null;
  };
  const inTime = new Set<DecisionRow>();
  const revocations = decisions.filter(({ kind }) => kind === 'revocation');
  // The lists of one version at a time: each may be a megabyte.
  for (const [version, together] of Map.groupBy(revocations, (row) => row.version)) {
    const bits = await bitsOf(version);
    const before = version > 1 ? await bitsOf(version - 1) : NOBODY;
    if (bits === null || before === null) continue;
    for (const row of together) {
      const index = certificates.get(row.cause)?.statusIndex ?? NO_INDEX;
      if (isStatusSet(bits, index) && !isStatusSet(before, index)) inTime.add(row);
    }
  }
  return inTime;
}

const NOBODY: Bytes = new Uint8Array(0);
/** Past the end of every list. */
const NO_INDEX: number = LIMITS.listEntries;

/**
 * Revocations against the newest list, in both directions: nothing is ever taken off a list, so that
 * it names every certificate that was revoked.
 */
export function compareRevocations(
  books: Books,
  lists: { readonly revoked: ReadonlySet<number>; readonly inTime: ReadonlySet<DecisionRow> },
  pending: Pending,
): Difference[] {
  const decided = new Map<string, number>();
  const firsts = new Map<string, number>();
  const differences: Difference[] = [];
  for (const decision of books.decisions) {
    if (decision.kind !== 'revocation') continue;
    const { purse, cause, kind: stored, version } = decision;
    decided.set(cause, version);
    firsts.set(purse, Math.min(version, firsts.get(purse) ?? version));
    const computed = faultOf(decision, books, lists);
    if (computed !== null) {
      differences.push({ subject: 'decision', purse, name: cause, stored, computed });
    }
  }
  for (const { ref, purse, statusIndex } of books.certificates.values()) {
    if (purse === null || decided.has(ref) || !lists.revoked.has(statusIndex)) continue;
    const [stored, computed] = ['no revocation', 'revoked'];
    differences.push({ subject: 'decision', purse, name: ref, stored, computed });
  }
  const settled = [...books.purses.values()].filter(({ id }) => !pending.purses.has(id));
  return [...differences, ...settled.flatMap((row) => compareRow(row, firsts.get(row.id) ?? null))];
}

function faultOf(
  decision: DecisionRow,
  { certificates }: Books,
  { revoked, inTime }: Parameters<typeof compareRevocations>[1],
): string | null {
  const certificate = certificates.get(decision.cause);
  if (certificate?.purse !== decision.purse) return 'no certificate of its purse';
  if (!revoked.has(certificate.statusIndex)) return 'no list revokes it';
  return inTime.has(decision) ? null : `not first revoked by list ${decision.version}`;
}

function compareRow({ id, revokedAt }: PurseRow, first: number | null): Difference[] {
  if (revokedAt === first) return [];
  const [stored, computed] = [`revokedAt ${revokedAt}`, `revokedAt ${first}`];
  return [{ subject: 'standing', purse: id, name: id, stored, computed }];
}
