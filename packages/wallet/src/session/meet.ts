import { need, type WalletResult } from '../failure.ts';
import type { Transport } from '../transport/index.ts';
import { inContact } from './contact.ts';
import type { Parts } from './parts.ts';

/**
 * Meets a device that answers ({@link answerDoubts}), with no money between them: status lists, fork
 * proofs and witnesses go both ways (TS-SES-2, TS-WIT-2). Two shops do that at the end of a day.
 */
export function meet(parts: Parts, transport: Transport): Promise<WalletResult<void>> {
  return inContact(parts, transport, async ({ gossip, patience }) => {
    const { answerMs } = patience();
    await gossip.tellProofs();
    await gossip.sayVersion(need(await parts.purse.status()).listVersion);
    await gossip.awaitWitnesses(answerMs);
    await gossip.tellWitnesses(answerMs);
  });
}
