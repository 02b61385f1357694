import { type KeyObject, X509Certificate } from 'node:crypto';
import {
  type Bytes,
  type Enrolment,
  equal,
  ES256,
  type PublicKey,
  type SignatureCheck,
  type TpmAttestation,
  type TpmCounter,
  type TpmStatement,
} from '@tallystick/protocol';
import { accept, refuse } from '../../outcome.ts';
import type { AttestationVerifier } from '../verifier.ts';
import { chained } from '../chain.ts';
import { NotSo, unlessNotSo } from '../not-so.ts';
import { makeCredential } from './credential.ts';
import {
  attestationKey,
  BOOT_REGISTERS,
  counterName,
  nameOf,
  said,
  SAYS,
  signingKey,
} from './structures.ts';

/** Extended key usage of an endorsement key's certificate (TCG EK profile, 3.2). */
const ENDORSEMENT_KEY = '2.23.133.8.1';

/** Which TPMs a scheme trusts. */
export interface TpmTrust {
  /** Makers' certificates, X.509 in PEM. */
  readonly roots: readonly string[];
  /** Digests over boot registers 0 to 7 that are taken; null for any. */
  readonly bootDigests: readonly Bytes[] | null;
}

/**
 * Judges what TPMs 2.0 say. The challenge goes out in a credential to a TPM whose maker the scheme knows
 * (TS-ATT-3); whoever answers it has an attestation key in that very TPM, and what that key signs, the TPM says.
 */
export function tpmVerifier({ roots, bootDigests }: TpmTrust): AttestationVerifier {
  const makers = roots.map((pem) => new X509Certificate(pem));
  return {
    methods: ['tpm', 'tpm-counter'],
    seal: ({ attestationKey: area, chain }, challenge, now) =>
      unlessNotSo(() => {
        attestationKey(area);
        const endorsed = endorsementKey(chained(chain, makers, now));
        return makeCredential(endorsed, nameOf(area), challenge);
      }),
    verify: async ({ attestation, enrolment, binding, verifyMany }) => {
      if (attestation?.kind !== 1) return refuse('ATTESTATION_REFUSED', 'it is not of a TPM');
      const examined = await unlessNotSo(() =>
        examine(attestation, enrolment, binding, bootDigests),
      );
      if (!examined.ok) return examined;
      const verdicts = await verifyMany(examined.value);
      if (!verdicts.every(Boolean)) return refuse('ATTESTATION_REFUSED', 'a signature is wrong');
      return accept(null);
    },
  };
}

/** The key that a maker has put into a TPM, and nobody else has. */
function endorsementKey({ keyUsage, publicKey }: X509Certificate): KeyObject {
  if (!(keyUsage ?? []).includes(ENDORSEMENT_KEY)) {
    throw new NotSo('the certificate is not of an endorsement key');
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey;
  if (type === 'rsa' && details?.modulusLength === 2_048) return publicKey;
  throw new NotSo('the endorsement key is not RSA of 2048 bits');
}

/** Whether all that the TPM says is what is claimed; the signatures that are left to verify. */
function examine(
  attestation: TpmAttestation,
  { alg, key }: Enrolment,
  binding: Bytes,
  bootDigests: readonly Bytes[] | null,
): readonly SignatureCheck[] {
  const by = attestationKey(attestation.attestationKey);
  const certified = signingKey(attestation.key);
  if (alg !== ES256 || !equal(certified.bytes, key)) {
    throw new NotSo('the TPM vouches for another key than the enrolled one');
  }
  const ofKey = said(attestation.certified.attest, SAYS.key, binding);
  if (!equal(ofKey.sized(), nameOf(attestation.key))) throw new NotSo('it certified another key');
  // The qualified name says under which parent, which attributes of the key have said.
  ofKey.sized();
  ofKey.end();
  const ofBoot = said(attestation.quote.attest, SAYS.registers, binding);
  ofBoot.expect(BOOT_REGISTERS, 'the quote is of other registers');
  const booted = ofBoot.sized();
  ofBoot.end();
  if (bootDigests !== null && !bootDigests.some((each) => equal(each, booted))) {
    throw new NotSo('the platform booted something that the scheme does not take');
  }
  const { counter } = attestation;
  if (counter !== null) examineCounter(counter, binding);
  const statements = [attestation.certified, attestation.quote, counter?.certified];
  return statements.flatMap((each) => (each === undefined ? [] : [checkOf(each, by)]));
}

/** The counter exists, and nobody can set it back: its name says of what kind it is. */
function examineCounter({ handle, certified }: TpmCounter, binding: Bytes): void {
  const ofMemory = said(certified.attest, SAYS.memory, binding);
  if (!equal(ofMemory.sized(), counterName(handle))) {
    throw new NotSo('it is no counter that only ever grows');
  }
  ofMemory.expect(Uint8Array.of(0, 0), 'the counter was not read whole');
  if (ofMemory.sized().length !== 8) throw new NotSo('the counter was not read whole');
  ofMemory.end();
}

function checkOf({ attest: message, signature }: TpmStatement, key: PublicKey): SignatureCheck {
  return { key, message, signature };
}
