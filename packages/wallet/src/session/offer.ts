import {
  type Bytes,
  checkCertificate,
  type Checking,
  checkSignature,
  type Currency,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  demand,
  equal,
  type OfferFrame,
  request as requestCodec,
  runChecking,
  type Seconds,
  type SignatureCheck,
  sha256,
  toHex,
  type TrustStore,
} from '@tallystick/protocol';
import { Recent } from '../contact/recent.ts';
import { type ProfileShelf, trustOf } from '../sync/profile.ts';

/** What a payee asks for, read from its offer. */
export interface Offer {
  readonly request: Bytes;
  readonly certificate: Bytes;
  /** Version of the payee's status list. */
  readonly listVersion: number;
  /** Reference of the payee's certificate. */
  readonly payee: Bytes;
  /** What the certificate calls the acceptance point; null for a private purse. */
  readonly displayName: string | null;
  readonly currency: Currency;
  /** Minor units, or null where the payer chooses. */
  readonly amount: bigint | null;
}

/** Verifies one signature, at once. */
export type Verify = (check: SignatureCheck) => boolean;

/** Payees whose certificates were verified before. */
const VERIFIED = 256;

/**
 * Reads offers, and verifies them so that the holder is shown no made-up name and the wallet stores no
 * certificate it could not use later. The purse verifies again by itself when it pays; a wallet
 * without a profile (its purse was personalised elsewhere) leaves it at that.
 */
export class OfferReader {
  readonly #profiles: ProfileShelf;
  /** By the digest of all their bytes: the reference alone would not cover the signature. */
  readonly #verified = new Recent<true>(VERIFIED);

  readonly #verify: Verify;

  constructor(profiles: ProfileShelf, verify: Verify) {
    this.#profiles = profiles;
    this.#verify = verify;
  }

  /**
   * Reads an offer. `now` is the local clock or the purse's floor, whichever is later.
   * Rejects: decoding codes, UNKNOWN_CERTIFICATE, UNKNOWN_ISSUER, BAD_SIGNATURE, CERTIFICATE_EXPIRED,
   * REQUEST_EXPIRED.
   */
  async read(frame: OfferFrame, floor: Seconds, now: Seconds): Promise<Offer> {
    const signed = decodeSigned(frame.request);
    const { currency, amount, expires } = decodePayload(signed.payload, requestCodec, 'request');
    const { ref: payee, subject: displayName } = decodePurseCertificate(frame.certificate);
    demand(equal(signed.kid, payee), 'UNKNOWN_CERTIFICATE', 'the request is signed under another');
    const profile = await this.#profiles.find();
    if (profile !== null) {
      const checking = this.#check(frame, trustOf(profile), floor);
      runChecking(checking, this.#verify);
    }
    demand(now <= expires, 'REQUEST_EXPIRED');
    const { request, certificate, listVersion } = frame;
    return { request, certificate, listVersion, payee, displayName, currency, amount };
  }

  *#check(frame: OfferFrame, trust: TrustStore, floor: Seconds): Checking<void> {
    const certificate = decodePurseCertificate(frame.certificate);
    const name = toHex(sha256(frame.certificate));
    if (this.#verified.get(name) === undefined) {
      yield* checkCertificate(certificate, trust, floor);
      this.#verified.set(name, true);
    }
    yield* checkSignature(decodeSigned(frame.request), certificate.key);
  }
}
