import { type Bytes, encodeReply } from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { Parts } from './parts.ts';
import { mayAnswer } from './tampering.ts';
import { freshList } from './welcome.ts';

/**
 * Takes in one upload and answers it (TS-SYN-2 to 7): the answer, closures, and whatever issuer data
 * the purse does not have yet. Safe to repeat: the same statement gets the same answer.
 * Errors: BUSY, decoding codes, UNKNOWN_CERTIFICATE, BAD_SIGNATURE, those of {@link mayAnswer}; bad entries are
 * named in the reply.
 */
export async function sync(parts: Parts, body: Bytes): Promise<Outcome<Bytes>> {
  const ingested = await parts.inbox.take(body);
  if (!ingested.ok) return ingested;
  await parts.dispatcher.drain();
  const allowed = await mayAnswer(parts, ingested.value);
  if (!allowed.ok) return allowed;
  const { purse, statement, answer, closures, refused } = ingested.value;
  const party = parts.authority.participant(purse.participant);
  if (party === undefined) return refuse('UNKNOWN_PARTICIPANT', purse.participant);
  const list = await freshList(parts);
  const { policy, operator } = parts.authority;
  return accept(
    encodeReply({
      answer,
      certificates: [party.issuing.wire, operator.issuing.wire],
      policy: policy.value.version > statement.policyVersion ? policy.wire : null,
      list: list.version > statement.listVersion ? list.wire : null,
      closures,
      refused,
    }),
  );
}
