import {
  type Bytes,
  checkProof,
  decodeProof,
  encodeProof,
  type PurseCertificate,
  sha256,
  toHex,
} from '@tallystick/protocol';
import { TO_LIST } from '../store/messages.ts';
import type { Transaction } from '../store/port.ts';
import { runOne } from '../verification/verifier.ts';
import type { Context } from './context.ts';
import { findProof, forkPosition } from './forks.ts';
import { askForSignatures } from './signatures.ts';
import type { Work } from './work.ts';

/** The culprit that a proof convicts, with every signature in it verified alone (TS-FRK-3). */
export async function convictedBy(
  proof: Bytes,
  { trust, verifyMany }: Context,
): Promise<PurseCertificate | null> {
  const outcome = await runOne(checkProof(proof, trust), verifyMany);
  return outcome.ok ? outcome.value : null;
}

/**
 * Looks for contradictions among the facts of a purse. A checked proof makes it a culprit; a
 * contradiction that no proof shows yet makes it suspect, and is looked at again with every new fact.
 */
export async function judgeStanding(work: Work, tx: Transaction, context: Context): Promise<void> {
  if (work.purse.standing === 'culprit') return;
  const forked = forkPosition(work.idsAt);
  const { forkSeq } = work.purse;
  const lowest =
    forked === null || forkSeq === null ? (forked ?? forkSeq) : Math.min(forked, forkSeq);
  // GUARD both-ways (rule 4): receipt and void of one payment are a proof of their own.
  const bothWays = [...work.payeeHalves.values()].some(
    (half) => half.voided && half.receiptVersion !== null,
  );
  if (lowest === null && !bothWays) return;

  work.purse = { ...work.purse, forkSeq: lowest };
  const facts = await tx.factsFrom(work.purse.id, bothWays ? 1 : (lowest ?? 1));
  const proof = findProof([...facts, ...work.newFacts], work.certificates);
  const bytes = proof === null ? null : encodeProof(proof);
  const culprit = bytes === null ? null : await convictedBy(bytes, context);
  if (bytes !== null && culprit !== null) {
    convict(work, bytes, culprit, context);
    return;
  }
  const isNew = work.purse.standing === 'sound' || lowest !== forkSeq;
  if (work.purse.standing === 'sound') {
    const reason = lowest === null ? 'accepted-and-voided' : 'fork-without-proof';
    work.purse = { ...work.purse, standing: 'suspect', reason };
  }
  if (lowest === null) return;
  await askForSignatures(work, tx, { facts: [...facts, ...work.newFacts], fork: lowest, isNew });
}

/** Acts on a checked proof: keeps it, names the purse, and has its certificates revoked. */
export function convict(
  work: Work,
  proof: Bytes,
  culprit: PurseCertificate,
  context: Context,
): void {
  if (work.purse.standing === 'culprit') return;
  work.add('proofs', {
    purse: work.purse.id,
    digest: toHex(sha256(proof)),
    certificate: toHex(culprit.ref),
    kind: decodeProof(proof).kind,
    wire: proof,
    time: context.now(),
  });
  work.purse = { ...work.purse, standing: 'culprit', reason: 'fork' };
  work.send(TO_LIST, { kind: 'revoke', reason: 'fork' });
}
