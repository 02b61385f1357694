import { randomBytes, X509Certificate } from 'node:crypto';
import {
  type Backend,
  createBackend,
  createMemoryKeys,
  createMemoryStore,
  createSandboxRail,
  readSchemeFile,
  SANDBOX_SCHEME,
  softwareVerifier,
  type TpmTrust,
  tpmVerifier,
} from '@tallystick/backend';
import {
  type Bytes,
  type Credential,
  credential as credentialCodec,
  decodeBody,
  decodePurseCertificate,
  encodeBody,
  enrolmentReply,
  enrolmentRequest,
  type Introduction,
  introduction as introductionCodec,
  type Seconds,
  type SignedImage,
} from '@tallystick/protocol';
import { bundleTrustedApp } from '@tallystick/tre/image';
import type { Attester } from '@tallystick/tre';
import type { TpmManufacturer } from '@tallystick/tre/tpm';

/** Makers' certificates are of today, in the machine's own time; they are taken an hour later. */
const LATER_SECONDS = 3_600;

/** A backend in memory that judges enrolments by what TPMs say, for whoever tries what it believes. */
export class AttestationDesk {
  readonly backend: Backend;
  readonly image: SignedImage;
  /** Issuer time, and that of every device. */
  readonly clock: () => Seconds;
  #accounts = 0;

  private constructor(backend: Backend, image: SignedImage, clock: () => Seconds) {
    this.backend = backend;
    this.image = image;
    this.clock = clock;
  }

  /** Opens one that believes a maker's TPMs, on whatever they booted, where nothing else is said. */
  static async open(
    maker: TpmManufacturer,
    trust: Partial<TpmTrust> = {},
  ): Promise<AttestationDesk> {
    const { issuing } = await maker.certificates();
    const { validFromDate } = new X509Certificate(issuing);
    const now = Math.floor(validFromDate.getTime() / 1_000) + LATER_SECONDS;
    const store = createMemoryStore();
    const random = (length: number): Bytes => Uint8Array.from(randomBytes(length));
    const { code } = await bundleTrustedApp();
    const backend = await createBackend({
      scheme: await readSchemeFile(SANDBOX_SCHEME),
      store,
      keys: createMemoryKeys(random),
      rail: createSandboxRail(store),
      verifyMany: softwareVerifier,
      clock: () => now,
      random,
      ownImage: code,
      attestations: [tpmVerifier({ roots: [issuing], bootDigests: null, ...trust })],
    });
    const offered = await backend.offeredImage();
    if (offered === null) throw new Error('no image is offered');
    return new AttestationDesk(backend, { manifest: offered.wire, code }, () => now);
  }

  /** A credential for what introduces itself, or the refusal. */
  async challenge(introduction: Introduction): Promise<Credential | string> {
    const sealed = await this.backend.sealedChallenge(encodeBody(introductionCodec, introduction));
    if (!sealed.ok) return `${sealed.error.code} ${sealed.error.message}`;
    return decodeBody(credentialCodec, sealed.value);
  }

  /** The challenge that hardware reads from the credential made for it. Throws where there is none. */
  async challengeFor(attester: Attester): Promise<Bytes> {
    const credential = await this.challenge(await introductionOf(attester));
    if (typeof credential === 'string') throw new Error(credential);
    const challenge = await attester.activate(credential);
    if (challenge === null) throw new Error('the credential is for other hardware');
    return challenge;
  }

  /** What becomes of an enrolment: the assurance that it is certified with, or the refusal. */
  async enrol(enrolment: Bytes): Promise<number | string> {
    const account = `account-${++this.#accounts}`;
    const participant = 'ALPHSESS';
    const holder = { participant, account, currency: 978, balance: 0n, acceptancePoint: null };
    await this.backend.rail.open(holder);
    const body = encodeBody(enrolmentRequest, { enrolment, participant, account });
    const outcome = await this.backend.enrol(body);
    if (!outcome.ok) return `${outcome.error.code} ${outcome.error.message}`;
    const { certificate } = decodeBody(enrolmentReply, outcome.value);
    return decodePurseCertificate(certificate).profile.assurance;
  }
}

/** What hardware introduces itself with. Throws where it has no certificate. */
export async function introductionOf(attester: Attester): Promise<Introduction> {
  const introduction = await attester.introduce();
  if (introduction === null) throw new Error('the hardware has no certificate');
  return introduction;
}
