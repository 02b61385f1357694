import { checkProof, type Checking, Rejection, toHex, type TrustStore } from '@tallystick/protocol';
import type { PurseRow } from '../store/rows.ts';
import type { VerifyMany } from '../verification/verifier.ts';
import type { Books } from './books.ts';
import type { Evidence } from './evidence.ts';
import type { PaymentFindings } from './findings.ts';
import type { Difference } from './report.ts';

/** Purses that a stored proof convicts when it is checked again, signature by signature. */
export async function convicts(
  books: Books,
  trust: TrustStore,
  verifyMany: VerifyMany,
): Promise<{
  readonly culprits: ReadonlySet<string>;
  readonly differences: readonly Difference[];
}> {
  const culprits = new Set<string>();
  const differences: Difference[] = [];
  for (const { purse, digest, wire } of books.proofs) {
    const ref = await convicted(checkProof(wire, trust), verifyMany);
    if (ref !== null && books.certificates.get(ref)?.purse === purse) {
      culprits.add(purse);
    } else {
      const computed = 'it convicts nobody there';
      differences.push({ subject: 'proof', purse, name: digest, stored: 'a proof', computed });
    }
  }
  return { culprits, differences };
}

async function convicted(
  checking: ReturnType<typeof checkProof>,
  verifyMany: VerifyMany,
): Promise<string | null> {
  try {
    return toHex((await run(checking, verifyMany)).ref);
  } catch (error) {
    if (error instanceof Rejection) return null;
    throw error;
  }
}

async function run<T>(checking: Checking<T>, verifyMany: VerifyMany): Promise<T> {
  let turn = checking.next();
  while (turn.done !== true) {
    const [holds] = await verifyMany([turn.value]);
    turn = checking.next(holds === true);
  }
  return turn.value;
}

/** Purses whose authentic records contradict each other, proven or not. */
export function contradictory(
  evidence: Evidence,
  payments: Iterable<PaymentFindings>,
): ReadonlySet<string> {
  const purses = new Set<string>();
  const seen = new Map<string, string>();
  for (const { fact, id } of evidence.facts) {
    const place = `${fact.purse} ${fact.seq}`;
    if ((seen.get(place) ?? id) !== id) purses.add(fact.purse);
    seen.set(place, id);
  }
  for (const { receipts, voids } of payments) {
    for (const purse of voids) if (receipts.has(purse)) purses.add(purse);
  }
  return purses;
}

/** A culprit has a proof that checks; whoever contradicts itself is at least suspect; nobody else is. */
export function compareStanding(
  purse: PurseRow,
  culprits: ReadonlySet<string>,
  suspects: ReadonlySet<string>,
): Difference[] {
  const suspect = suspects.has(purse.id) ? 'suspect' : 'sound';
  const computed = culprits.has(purse.id) ? 'culprit' : suspect;
  if (computed === purse.standing) return [];
  const { id, standing: stored } = purse;
  return [{ subject: 'standing', purse: id, name: id, stored, computed }];
}
