import {
  type Algorithm,
  type Bytes,
  type EnrolmentReply,
  type EnrolmentRequest,
  enrolmentRequest,
  ES256,
} from '@tallystick/protocol';
import { failure, need, stop, type WalletFailure } from '../failure.ts';
import { Records } from '../pending-store.ts';
import { freshChallenge } from './challenge.ts';
import type { Online } from './online.ts';

export interface EnrolOrder {
  /** Code of the participant that keeps the holder's account. */
  readonly participant: string;
  /** The account at the participant that loads draw on and unloads credit. */
  readonly account: string;
  /** ES256 where nothing else is said. */
  readonly alg?: Algorithm;
  /** UTF-8 of the holder's first PIN, 4 to 32 bytes; without one, amounts above the step-up need the platform. */
  readonly pin?: Bytes;
}

const ONLY = 'request';
/** The reply did not fit the purse, and sending the request again would bring the same one. */
const PASSING: ReadonlySet<string> = new Set(['ELEMENT_FAILED', 'STORAGE_FAILED', 'BUSY']);

/**
 * Makes the key, has it certified, and turns it into a purse (TS-ENR-1 to 3). The request is kept
 * until the purse is personalised, so a lost reply repeats it instead of enrolling twice. A purse
 * that is personalised already is left as it is.
 */
export async function enrol(online: Online, order: EnrolOrder): Promise<void> {
  const pending = new Records(online.store, 'enrolment/', enrolmentRequest);
  if (!(await isPersonalised(online))) {
    const request = (await begun(pending, order)) ?? (await begin(online, pending, order));
    const reply = await online.backend.enrol(request);
    if (!reply.ok && reply.error.code === 'BACKEND_REFUSED') await pending.remove(ONLY);
    await finish(online, pending, need(reply));
  }
  await pending.remove(ONLY);
}

async function isPersonalised({ purse, profiles }: Online): Promise<boolean> {
  const status = await purse.status();
  if (!status.ok) return status.error.code === 'NOT_PERSONALISED' ? false : stop(status.error);
  if ((await profiles.find()) !== null) return true;
  return stop(failure('NOT_ENROLLED', 'the purse is, but the wallet lost what came with it'));
}

async function begun(
  pending: Records<EnrolmentRequest>,
  order: EnrolOrder,
): Promise<EnrolmentRequest | null> {
  const request = await pending.get(ONLY);
  const isSame = request?.participant === order.participant && request.account === order.account;
  return isSame ? request : null;
}

async function begin(
  online: Online,
  pending: Records<EnrolmentRequest>,
  { participant, account, alg = ES256, pin }: EnrolOrder,
): Promise<EnrolmentRequest> {
  const challenge = await freshChallenge(online);
  const { enrolment } = need(await online.purse.prepare({ alg, challenge, pin: pin ?? null }));
  const request = { enrolment, participant, account };
  await pending.put(ONLY, request);
  return request;
}

/** What came with the certificate is kept first: once personalised, the purse is never sent it again. */
async function finish(
  { purse, profiles, shelves, policies }: Online,
  pending: Records<EnrolmentRequest>,
  reply: EnrolmentReply,
): Promise<void> {
  await profiles.keep(reply);
  await policies.keep(reply.policy);
  await shelves.lists.keep({ list: reply.list, certificate: reply.operator });
  const personalised = await purse.personalise(reply);
  if (!personalised.ok && isLasting(personalised.error)) await pending.remove(ONLY);
  need(personalised);
}

function isLasting({ code }: WalletFailure): boolean {
  return !PASSING.has(code);
}
