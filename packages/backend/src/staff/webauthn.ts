import type * as Library from '@simplewebauthn/server';
import type { Bytes } from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import { type Place, relyingPartyOf } from './place.ts';

/** What a browser says of a credential that it made, its parts in base64url. */
export interface Registration {
  readonly id: string;
  readonly clientData: string;
  readonly attestation: string;
}

/** What a browser says of a challenge that a credential signed, its parts in base64url. */
export interface Assertion {
  readonly id: string;
  readonly clientData: string;
  readonly authenticatorData: string;
  readonly signature: string;
}

/** A credential as it is kept. */
export interface Credential {
  readonly id: Bytes;
  readonly key: Bytes;
  readonly counter: number;
}

/** EdDSA, ES256 and RS256: what authenticators have. */
export const ALGORITHMS_TAKEN: readonly number[] = [-8, -7, -257];

/** The challenge that a browser answered, in its own words; null where it names none. */
export function challengeIn(clientData: string): Bytes | null {
  try {
    const said: unknown = JSON.parse(Buffer.from(clientData, 'base64url').toString('utf8'));
    if (typeof said !== 'object' || said === null || !('challenge' in said)) return null;
    const { challenge } = said;
    if (typeof challenge !== 'string') return null;
    return new Uint8Array(Buffer.from(challenge, 'base64url'));
  } catch {
    return null;
  }
}

/**
 * The credential that an authenticator made over a challenge, at a console, with its holder verified.
 * Errors: SIGN_IN_REFUSED.
 */
export async function readRegistration(
  { id, clientData, attestation }: Registration,
  challenge: Bytes,
  place: Place,
): Promise<Outcome<Credential>> {
  const { verifyRegistrationResponse } = await library();
  const attested = await whoVouches(attestation);
  // With a maker's certificates the library would fetch whatever lists these name.
  if (attested !== 'nobody') return refuse('SIGN_IN_REFUSED', 'send it without an attestation');
  const verified = await verifyRegistrationResponse({
    response: {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: { attestationObject: attestation, clientDataJSON: clientData },
    },
    expectedChallenge: base64url(challenge),
    expectedOrigin: place.origin,
    expectedRPID: relyingPartyOf(place),
    requireUserVerification: true,
    supportedAlgorithmIDs: [...ALGORITHMS_TAKEN],
  }).catch((error: unknown) => wordsOf(error));
  if (typeof verified === 'string') return refuse('SIGN_IN_REFUSED', verified);
  if (!verified.verified) return refuse('SIGN_IN_REFUSED', 'the signature is wrong');
  const { credential } = verified.registrationInfo;
  const bytes = new Uint8Array(Buffer.from(credential.id, 'base64url'));
  return accept({
    id: bytes,
    key: new Uint8Array(credential.publicKey),
    counter: credential.counter,
  });
}

/**
 * What an authenticator has counted, once its credential has signed a challenge at a console, with its
 * holder verified. Errors: SIGN_IN_REFUSED.
 */
export async function readAssertion(
  { id, clientData, authenticatorData, signature }: Assertion,
  challenge: Bytes,
  place: Place,
  credential: Credential,
): Promise<Outcome<number>> {
  const { verifyAuthenticationResponse } = await library();
  const verified = await verifyAuthenticationResponse({
    response: {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: { clientDataJSON: clientData, authenticatorData, signature },
    },
    expectedChallenge: base64url(challenge),
    expectedOrigin: place.origin,
    expectedTopOrigin: [...place.embedders],
    expectedRPID: relyingPartyOf(place),
    credential: {
      id,
      publicKey: Uint8Array.from(credential.key),
      counter: credential.counter,
    },
    requireUserVerification: true,
  }).catch((error: unknown) => wordsOf(error));
  if (typeof verified === 'string') return refuse('SIGN_IN_REFUSED', verified);
  if (!verified.verified) return refuse('SIGN_IN_REFUSED', 'the signature is wrong');
  return accept(verified.authenticationInfo.newCounter);
}

async function whoVouches(attestation: string): Promise<'nobody' | 'somebody'> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  try {
    const bytes = Uint8Array.from(Buffer.from(attestation, 'base64url'));
    const object = decodeAttestationObject(bytes);
    const format: unknown = object.get('fmt');
    if (format === 'none') return 'nobody';
    // By itself, which says nothing and asks nobody.
    const isBySelf = format === 'packed' && object.get('attStmt').get('x5c') === undefined;
    return isBySelf ? 'nobody' : 'somebody';
  } catch {
    return 'somebody';
  }
}

/** Loaded where it is of use: it takes a third of a second. */
function library(): Promise<typeof Library> {
  return import('@simplewebauthn/server');
}

export function base64url(bytes: Bytes): string {
  return Buffer.from(bytes).toString('base64url');
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
