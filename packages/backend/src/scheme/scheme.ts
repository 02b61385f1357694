import type { Algorithm, Bytes, Currency, PublicKey, Seconds, Tier } from '@tallystick/protocol';
import type { Method } from '../attestation/verifier.ts';

/**
 * One scheme: its instrument, limits, environment tiers, windows and liability rules. It is data;
 * the backend has no rule of a scheme built in.
 */
export interface Scheme {
  /** Names the scheme in certificates. */
  readonly id: string;
  readonly name: string;
  /** Play money: environments that attest nothing may be enrolled. */
  readonly sandbox: boolean;
  readonly currency: Currency;
  readonly statusListUri: string;
  /** Algorithms a purse's key may have. */
  readonly algorithms: readonly Algorithm[];
  readonly hopMax: number;
  readonly acceptMinutes: number;
  readonly claimSeconds: number;
  readonly staleSeconds: number;
  readonly graceSeconds: number;
  readonly skewSeconds: number;
  /** What applies in its place while the operator has declared an emergency (TS-POL-6). */
  readonly emergency: EmergencyRules;
  readonly certificateSeconds: CertificateSeconds;
  readonly tiers: readonly SchemeTier[];
  /** Environments that purses may run in. */
  readonly environments: readonly SchemeEnvironment[];
  /** Whose hardware is believed; its makers' certificates. */
  readonly hardware: Hardware;
  /**
   * What happens when a purse says that its storage was changed: the first of these the first time, and so
   * on; the last every time after that (TS-ATT-6).
   */
  readonly tampering: readonly TamperResponse[];
  /** Whose trusted application is registered; null for a sandbox that publishes for itself. */
  readonly publisher: Publisher | null;
  /** How long an image is in the policy before devices are offered it: payees must know it first (TS-IMG-6). */
  readonly leadSeconds: number;
  /** How long an image is still accepted once it has a successor (TS-IMG-5). */
  readonly supersededSeconds: number;
  readonly operator: Party;
  readonly participants: readonly Party[];
  readonly liability: Liability;
}

/** Longer windows and lower caps for a time without network. */
interface EmergencyRules {
  readonly staleSeconds: number;
  /** One row for each tier of the scheme. */
  readonly tiers: readonly EmergencyTier[];
}

type EmergencyTier = Pick<
  Tier,
  'tier' | 'paymentMax' | 'totalMax' | 'countMax' | 'stepUpAbove' | 'payerCap' | 'offlineSeconds'
>;

/** Lifetimes up to the hard expiry. */
interface CertificateSeconds {
  /** Operator's and participants' own certificates under the root. */
  readonly authority: number;
  /** Their signing keys of tier 0. */
  readonly issuer: number;
  readonly purse: number;
  readonly acceptancePoint: number;
}

/** Who holds a purse: a person, or a merchant's lane that shows its name and only receives. */
export type Holder = 'person' | 'acceptancePoint';

export interface SchemeTier extends Tier {
  readonly name: string;
  /** One of the protocol's ASSURANCE values: purses in such an environment get this tier. */
  readonly assurance: number;
  readonly holder: Holder;
}

export interface SchemeEnvironment {
  /** As enrolments name it. */
  readonly environment: string;
  readonly name: string;
  /** How it must be shown; an environment may have a row for each way. */
  readonly attestation: Method;
  /** One of the protocol's ASSURANCE values. */
  readonly assurance: number;
}

/** What hardware the scheme believes (TS-ATT-4). */
interface Hardware {
  /** Of those who make TPMs, X.509 in PEM. */
  readonly tpmRoots: readonly string[];
  /** Digests over a TPM's boot registers 0 to 7 that are taken; null for any. */
  readonly bootDigests: readonly Bytes[] | null;
  /** Authenticators of holders; null where none is believed. */
  readonly webauthn: {
    /** Of those who make authenticators, X.509 in PEM. */
    readonly roots: readonly string[];
    /** The relying party's id, such as `bank.example`. */
    readonly relyingParty: string;
    /** Origins of wallets. */
    readonly origins: readonly string[];
  } | null;
}

/**
 * What a purse is answered whose storage was changed: that it may go on; that it may under a new certificate,
 * for which its environment is attested again; under one of a lower tier; or never.
 */
export type TamperResponse = 'unlock' | 'new-certificate' | 'lower-tier' | 'revoke';

interface Publisher {
  readonly name: string;
  readonly key: PublicKey;
}

interface Party {
  readonly code: string;
  readonly name: string;
}

/** Who bears what (the ledger's postings follow these words). */
interface Liability {
  /** The loss of a fork is booked at the participant that issued the culprit's purse. */
  readonly forkLoss: 'culprit-participant';
  /** Honest claims after the horizon of a lost device are paid from the fund, with recourse. */
  readonly lateClaims: 'fund-with-recourse';
}

/** The tier of a holder's purse in an environment of this assurance, if the scheme has one. */
export function tierFor(scheme: Scheme, assurance: number, holder: Holder): SchemeTier | undefined {
  return scheme.tiers.find((tier) => tier.assurance === assurance && tier.holder === holder);
}

/** The tier of the strongest environment that is worth less, if the scheme has one; else the same. */
export function lowerTierFor(
  scheme: Scheme,
  assurance: number,
  holder: Holder,
): SchemeTier | undefined {
  const lower = scheme.tiers
    .filter((tier) => tier.holder === holder && tier.assurance < assurance)
    .toSorted((a, b) => b.assurance - a.assurance);
  return lower[0] ?? tierFor(scheme, assurance, holder);
}

/**
 * Longest after a sync that a purse of a tier pays, or that any payee takes its payments: in an
 * emergency too, since whoever is offline may still hold the policy of one that has ended.
 */
export function longestOffline(scheme: Scheme, number: number): number {
  const { tiers, staleSeconds, emergency } = scheme;
  const rows = [...tiers, ...emergency.tiers].filter(({ tier }) => tier === number);
  const windows = rows.map(({ offlineSeconds }) => offlineSeconds);
  return Math.max(staleSeconds, emergency.staleSeconds, ...windows);
}

/** Hard expiry of a new purse certificate. */
export function purseExpiry(scheme: Scheme, holder: Holder, now: Seconds): Seconds {
  const { purse, acceptancePoint } = scheme.certificateSeconds;
  return now + (holder === 'person' ? purse : acceptancePoint);
}
