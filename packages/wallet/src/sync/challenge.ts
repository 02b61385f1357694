import type { Bytes } from '@tallystick/protocol';
import { failure, need, stop } from '../failure.ts';
import type { Online } from './online.ts';

/**
 * 32 bytes for an enrolment or renewal to sign. Hardware that something vouches for introduces itself, and
 * reads the challenge from a credential (TS-ATT-3): then the environment has evidence. A backend that does not
 * believe this hardware may still admit what the environment asserts of itself, so that is tried.
 *
 * Stops with BACKEND_UNREACHABLE, BACKEND_REFUSED, ELEMENT_FAILED.
 */
export async function freshChallenge({ purse, backend }: Online): Promise<Bytes> {
  const introduction = need(await purse.introduce());
  if (introduction === null) return need(await backend.challenge());
  const credential = await backend.sealedChallenge(introduction);
  const isBelieved = credential.ok || credential.error.code !== 'BACKEND_REFUSED';
  if (!isBelieved) return need(await backend.challenge());
  const challenge = need(await purse.activate(need(credential)));
  return challenge ?? stop(failure('ELEMENT_FAILED', 'the credential is for other hardware'));
}
