import { X509Certificate } from 'node:crypto';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import {
  decodeAttestationObject,
  isoBase64URL,
  parseAuthenticatorData,
} from '@simplewebauthn/server/helpers';
import type { Seconds, WebauthnAttestation } from '@tallystick/protocol';
import { accept, refuse } from '../outcome.ts';
import { chained } from './chain.ts';
import { NotSo, unlessNotSo } from './not-so.ts';
import type { AttestationVerifier } from './verifier.ts';

/** Which authenticators a scheme trusts, and where its wallets run. */
export interface WebauthnTrust {
  /** Makers' certificates, X.509 in PEM. */
  readonly roots: readonly string[];
  /** The relying party's id, such as `bank.example`. */
  readonly relyingParty: string;
  /** Origins of wallets, such as `https://wallet.bank.example`. */
  readonly origins: readonly string[];
}

const FORMAT = 'packed';

/**
 * Judges what WebAuthn authenticators attest (W3C WebAuthn, 8.2). It shows that an authenticator of a known
 * make made a credential for this very enrolment, with the holder verified; not that the enrolled key is in it.
 */
export function webauthnVerifier(trust: WebauthnTrust): AttestationVerifier {
  const { roots, relyingParty, origins } = trust;
  const makers = roots.map((pem) => new X509Certificate(pem));
  return {
    methods: ['webauthn'],
    verify: async ({ attestation, binding, now }) => {
      if (attestation?.kind !== 2) return refuse('ATTESTATION_REFUSED', 'it is not of WebAuthn');
      const examined = await unlessNotSo(() => examine(attestation, makers, now));
      if (!examined.ok) return examined;
      const id = examined.value;
      const verified = await verifyRegistrationResponse({
        response: {
          id,
          rawId: id,
          type: 'public-key',
          clientExtensionResults: {},
          response: {
            attestationObject: isoBase64URL.fromBuffer(
              Uint8Array.from(attestation.attestationObject),
            ),
            clientDataJSON: isoBase64URL.fromBuffer(Uint8Array.from(attestation.clientData)),
          },
        },
        expectedChallenge: isoBase64URL.fromBuffer(Uint8Array.from(binding)),
        expectedOrigin: [...origins],
        expectedRPID: relyingParty,
        requireUserVerification: true,
      }).catch((error: unknown) => ({ verified: false, why: wordsOf(error) }));
      if (verified.verified) return accept(null);
      const why = 'why' in verified ? verified.why : 'a signature is wrong';
      return refuse('ATTESTATION_REFUSED', why);
    },
  };
}

/**
 * The credential's id, once a maker that the scheme knows vouches for the authenticator. The library is given no
 * roots to do that itself: it would fetch whatever lists the certificates name.
 */
function examine(
  { attestationObject }: WebauthnAttestation,
  makers: readonly X509Certificate[],
  now: Seconds,
): string {
  const { format, chain, credentialID } = readable(() => {
    // The library reads any CBOR: what it calls maps may be anything.
    const decoded = decodeAttestationObject(Uint8Array.from(attestationObject));
    const stated: unknown = decoded.get('attStmt').get('x5c');
    return {
      format: decoded.get('fmt'),
      chain: stated,
      credentialID: parseAuthenticatorData(decoded.get('authData')).credentialID,
    };
  });
  if (format !== FORMAT) throw new NotSo(`only the format ${FORMAT} is taken`);
  if (!Array.isArray(chain)) throw new NotSo('no maker vouches for the authenticator');
  chained(chain, makers, now);
  if (credentialID === undefined) throw new NotSo('it made no credential');
  return isoBase64URL.fromBuffer(credentialID);
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new NotSo(wordsOf(error));
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
