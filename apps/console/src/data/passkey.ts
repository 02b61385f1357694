import type { Api, Answered, Failed } from './api.ts';

/** What a browser is asked to make a passkey by. */
interface CreationOptions {
  readonly challenge: string;
  readonly relyingParty: string;
  readonly user: string;
  readonly name: string;
  readonly algorithms: readonly number[];
  readonly exclude: readonly string[];
}

/** By what somebody may register: the operator's token with a name, an invitation, or being signed in. */
export interface Grant {
  readonly token?: string;
  readonly name?: string;
  readonly invitation?: string;
}

const REFUSED: Failed = { code: 'PASSKEY_CANCELLED', message: '' };

/** Has the browser sign a challenge with a passkey, and opens a session with that. */
export async function signIn(api: Api): Promise<Failed | null> {
  const offered = await api.post<{ challenge: string; relyingParty: string }>(
    '/v1/session/options',
    {},
  );
  if (!offered.ok) return offered.error;
  const { challenge, relyingParty } = offered.value;
  const made = await navigator.credentials
    .get({
      publicKey: {
        challenge: fromBase64url(challenge),
        rpId: relyingParty,
        userVerification: 'required',
      },
    })
    .catch(() => null);
  if (!(made instanceof PublicKeyCredential)) return REFUSED;
  const said = made.response as AuthenticatorAssertionResponse;
  const opened = await api.post('/v1/session', {
    id: made.id,
    clientData: toBase64url(said.clientDataJSON),
    authenticatorData: toBase64url(said.authenticatorData),
    signature: toBase64url(said.signature),
  });
  return failureIn(opened);
}

/** Has the browser make a passkey, registers it, and so signs in. */
export async function register(api: Api, grant: Grant, label: string): Promise<Failed | null> {
  const { token, ...fields } = grant;
  const offered = await api.post<CreationOptions>('/v1/registrations/options', fields, token);
  if (!offered.ok) return offered.error;
  const made = await navigator.credentials
    .create({ publicKey: creationOf(offered.value) })
    .catch(() => null);
  if (!(made instanceof PublicKeyCredential)) return REFUSED;
  const said = made.response as AuthenticatorAttestationResponse;
  const registered = await api.post(
    '/v1/registrations',
    {
      ...fields,
      label,
      id: made.id,
      clientData: toBase64url(said.clientDataJSON),
      attestation: toBase64url(said.attestationObject),
    },
    token,
  );
  return failureIn(registered);
}

function creationOf(of: CreationOptions): PublicKeyCredentialCreationOptions {
  return {
    challenge: fromBase64url(of.challenge),
    rp: { id: of.relyingParty, name: 'Tallystick Console' },
    user: { id: fromBase64url(of.user), name: of.name, displayName: of.name },
    pubKeyCredParams: of.algorithms.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: of.exclude.map((id) => ({ type: 'public-key', id: fromBase64url(id) })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    attestation: 'none',
  };
}

function failureIn(answered: Answered<unknown>): Failed | null {
  return answered.ok ? null : answered.error;
}

/** Bytes of what the backend wrote; it writes no other. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

function toBase64url(bytes: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
