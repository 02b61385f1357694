import {
  type Bytes,
  decodeEntry,
  decodePayload,
  decodeRecord,
  decodeSigned,
  answer as answerCodec,
  type ErrorCode,
  type SyncReply,
} from '@tallystick/protocol';
import { failure, need, outcome, stop, type WalletFailure } from '../failure.ts';
import { applyClosures, keepClosures } from './closures.ts';
import {
  fetchNewest,
  findCertificate,
  learnList,
  learnPolicy,
  type Problems,
} from './issuer-data.ts';
import type { Online } from './online.ts';
import { renew } from './renew.ts';

const NEW_CERTIFICATE: ErrorCode = 'NEW_CERTIFICATE_NEEDED';

/** What a sync came to. */
export interface SyncReport {
  /** Log entries that were sent. */
  readonly uploaded: number;
  /** The issuer has all entries up to this position for good. */
  readonly ackedTo: number;
  /** Own payments that the issuer knows to be accepted. */
  readonly settled: readonly Bytes[];
  /** Own payments whose money is back, because nobody can accept them any more. */
  readonly restored: readonly Bytes[];
  /** Entries the issuer did not take, by position in the log, with its code for each. */
  readonly refused: readonly { readonly seq: number; readonly code: string }[];
  /** What the purse could not use, such as a list from too far in the future. */
  readonly problems: readonly WalletFailure[];
}

/**
 * {@link exchange}, under a new certificate where the backend demands one first, because the purse's storage
 * was changed (TS-ATT-6).
 */
export async function sync(online: Online): Promise<SyncReport> {
  const synced = await outcome(() => exchange(online));
  if (synced.ok) return synced.value;
  if (synced.error.reason !== NEW_CERTIFICATE) return stop(synced.error);
  await renew(online);
  return exchange(online);
}

/**
 * Brings the log in, and what the issuer says about it back (TS-SYN-1 to 7). Each step may be
 * repeated after a cut: the purse states the same while nothing new is in its log, and the issuer
 * answers the same to the same statement.
 *
 * Stops with BACKEND_UNREACHABLE or BACKEND_REFUSED, or with the purse's refusal of the answer.
 */
async function exchange(online: Online): Promise<SyncReport> {
  const problems: Problems = [];
  const early = await applyClosures(online, problems);
  await fetchNewest(online, problems);
  const { statement, from, to } = need(await online.purse.state());
  const entries = need(await online.purse.readLog(from, to));
  const proofs = await online.shelves.proofs.toUpload();
  const reply = need(await online.backend.sync({ statement, entries, proofs }));
  const { ackedTo, settled } = await takeIn(online, reply, problems);
  const late = await applyClosures(online, problems);
  // What is settled or restored by now is not in doubt any more.
  await online.payments.doubts();
  const refused = reply.refused.map(({ index, code }) => ({ seq: seqOf(entries[index]), code }));
  const restored = [...early, ...late];
  return { uploaded: entries.length, ackedTo, settled, restored, refused, problems };
}

async function takeIn(
  online: Online,
  reply: SyncReply,
  problems: Problems,
): Promise<{ readonly ackedTo: number; readonly settled: readonly Bytes[] }> {
  const { issuer, operator } = await online.profiles.need();
  const certificates = [...reply.certificates, issuer, operator];
  const { policy, list } = reply;
  if (policy !== null) await learnPolicy(online, { ok: true, value: policy }, problems);
  if (list !== null) await learnList(online, { ok: true, value: list }, certificates, problems);
  // The answer acknowledges the log, after which the issuer need not send the closures again.
  await keepClosures(online, reply.closures, certificates);
  const signed = decodeSigned(reply.answer);
  const certificate =
    findCertificate(signed.kid, certificates) ??
    stop(failure('BACKEND_REFUSED', 'its answer is signed by an unknown key', 'UNKNOWN_ISSUER'));
  need(await online.purse.importAnswer(reply.answer, certificate));
  const { ackedTo, settled } = decodePayload(signed.payload, answerCodec, 'answer');
  return { ackedTo, settled };
}

/** Position of an entry in the log; 0 for an index that the upload did not have. */
function seqOf(entry: Bytes | undefined): number {
  return entry === undefined ? 0 : decodeRecord(decodeEntry(entry).record.payload).seq;
}
