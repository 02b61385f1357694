import {
  type Algorithm,
  decodePurseCertificate,
  decodeSigned,
  equal,
  type RenewalRequest,
  renewalRequest,
} from '@tallystick/protocol';
import { failure, need, stop } from '../failure.ts';
import { Records } from '../pending-store.ts';
import { freshChallenge } from './challenge.ts';
import { rowOf } from './images.ts';
import type { Online } from './online.ts';

const ONLY = 'request';

/**
 * Whether the certificate is past its soft expiry, by the later of the local clock and the floor; or
 * names an older image than the one that runs, which the policy lists (TS-IMG-6).
 */
async function isRenewalDue(online: Online): Promise<boolean> {
  const { certificate, floor } = need(await online.purse.status());
  const { expires, profile } = decodePurseCertificate(certificate);
  const policy = await online.policies.need();
  const runs = rowOf(policy, need(await online.purse.measurement()));
  if (runs !== undefined && runs.index > profile.measurement) return true;
  return Math.max(online.timer.now(), floor) >= expires - policy.graceSeconds;
}

/**
 * Has a new key certified, and takes it into use (TS-LOG-5). The request is kept until then, so a lost
 * reply repeats it. `alg` is that of the key in use where nothing else is said.
 */
export async function renew(online: Online, alg?: Algorithm): Promise<void> {
  const pending = new Records(online.store, 'renewal/', renewalRequest);
  const request = (await begun(online, pending)) ?? (await begin(online, pending, alg));
  const certificate = await online.backend.renew(request);
  if (!certificate.ok && certificate.error.code === 'BACKEND_REFUSED') await pending.remove(ONLY);
  const issued = need(certificate);
  const finished = await online.payments.betweenDebits(() => online.purse.finishRenewal(issued));
  // A certificate of another key: the power failed after it was taken into use, or a new key was made.
  if (finished.ok || finished.error.code === 'WRONG_KEY') await pending.remove(ONLY);
  need(finished);
}

/** Finishes a renewal that is under way, and begins one when it is due. Whether it renewed. */
export async function renewIfDue(online: Online): Promise<boolean> {
  if (!(await isRenewalDue(online))) return false;
  await renew(online);
  return true;
}

/** The renewal under way, if the key in use is still the one that it replaces. */
async function begun(
  { purse }: Online,
  pending: Records<RenewalRequest>,
): Promise<RenewalRequest | null> {
  const request = await pending.get(ONLY);
  if (request === null) return null;
  const { ref } = decodePurseCertificate(need(await purse.status()).certificate);
  return equal(decodeSigned(request.renewal).kid, ref) ? request : null;
}

async function begin(
  online: Online,
  pending: Records<RenewalRequest>,
  alg: Algorithm | undefined,
): Promise<RenewalRequest> {
  const { purse } = online;
  const { certificate } = need(await purse.status());
  const current = decodePurseCertificate(certificate).key.alg;
  const challenge = await freshChallenge(online);
  const { enrolment, renewal } = need(await purse.startRenewal(alg ?? current, challenge));
  const request = {
    enrolment,
    renewal: renewal ?? stop(failure('ELEMENT_FAILED', 'it gave no renewal')),
  };
  await pending.put(ONLY, request);
  return request;
}
