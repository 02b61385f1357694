import { checkProof, type Checking, Rejection, toHex, type TrustStore } from '@tallystick/protocol';
import type { VerifyMany } from '../verification/verifier.ts';
import type { Books } from './books.ts';
import type { PaymentFindings } from './findings.ts';
import type { LogFindings } from './log-findings.ts';
import type { Difference } from './report.ts';
import type { Rulings } from './rulings.ts';
import type { Shards } from './shards.ts';

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
  { forked }: LogFindings,
  payments: Iterable<PaymentFindings>,
): ReadonlySet<string> {
  const purses = new Set(forked);
  for (const { receipts, voids } of payments) {
    for (const purse of voids) if (receipts.has(purse)) purses.add(purse);
  }
  return purses;
}

/** A culprit has a proof that checks; whoever contradicts itself is at least suspect; nobody else is. */
export function compareStanding(
  books: Books,
  { purses }: Shards,
  suspects: ReadonlySet<string>,
  { culprits, pending }: Rulings,
): Difference[] {
  return [...purses].flatMap((purse) => {
    const stored = books.purses.get(purse)?.standing;
    if (stored === undefined || pending.purses.has(purse)) return [];
    const suspect = suspects.has(purse) ? 'suspect' : 'sound';
    const computed = culprits.has(purse) ? 'culprit' : suspect;
    return computed === stored
      ? []
      : [{ subject: 'standing' as const, purse, name: purse, stored, computed }];
  });
}
