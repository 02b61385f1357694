import {
  attempt,
  type Bytes,
  credential as credentialCodec,
  decodeBody,
  encodeBody,
  introduction as introductionCodec,
} from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { Parts } from '../service/parts.ts';
import { makeChallenge } from './challenge.ts';

/**
 * A challenge that only the introduced hardware can read, and that only its attestation key answers
 * (TS-ATT-3). Errors: decoding codes, ATTESTATION_REFUSED.
 */
export async function sealedChallenge(parts: Parts, body: Bytes): Promise<Outcome<Bytes>> {
  const { secret, random, clock, attestations } = parts;
  const read = attempt(() => decodeBody(introductionCodec, body));
  if (!read.ok) return read;
  const seal = attestations.find((each) => each.seal !== undefined)?.seal;
  if (seal === undefined) return refuse('ATTESTATION_REFUSED', 'this backend knows no hardware');
  const introduction = read.value;
  const challenge = makeChallenge(secret, random, clock(), introduction.attestationKey);
  const credential = await seal(introduction, challenge, clock());
  return credential.ok ? accept(encodeBody(credentialCodec, credential.value)) : credential;
}
