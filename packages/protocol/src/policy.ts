import { type Currency, totalField } from './amount.ts';
import { anchorRef, type Seconds, seconds, type TrustAnchor } from './certificate.ts';
import type { Checking } from './algorithm.ts';
import { type Bytes, equal } from './bytes.ts';
import { type Codec, fixed, flag, list, tagged, tuple, uint } from './codec.ts';
import { checkSignature, decodeSigned } from './cose.ts';
import { LIMITS } from './limits.ts';
import { currencyField } from './payment.ts';
import { RECORD } from './record.ts';
import { decodePayload, version } from './records.ts';
import { demand } from './result.ts';

/** One row of the ceilings registry (TS-POL-2). Amounts in minor units of the policy's currency. */
export interface Tier {
  readonly tier: number;
  /** Most for one payment; 0 makes the purse receive-only. */
  readonly paymentMax: bigint;
  readonly balanceMax: bigint;
  /** Most that may leave between two syncs. */
  readonly totalMax: bigint;
  /** Payments that may leave between two syncs. */
  readonly countMax: number;
  /** Above this amount the holder must be verified. */
  readonly stepUpAbove: bigint;
  /** Most a payee takes from one payer of this tier between the payee's syncs. */
  readonly payerCap: bigint;
  /** How long after a sync the purse may pay. */
  readonly offlineSeconds: number;
}

/** One row of the measurement registry (TS-POL-5). */
export interface Measurement {
  readonly index: number;
  /** SHA-256 of the trusted application's image. */
  readonly sha256: Bytes;
  /** Last second at which payees accept it. */
  readonly acceptedUntil: Seconds;
}

/** What the newest image is accepted until: as long as time can be written (TS-IMG-5). */
export const NO_END: Seconds = 0xffff_ffff;

/** The scheme's risk rules, signed by its root (TS-POL-1). */
export interface Policy {
  readonly version: number;
  readonly issuedAt: Seconds;
  readonly currency: Currency;
  /** How often money may change hands offline. */
  readonly hopMax: number;
  /** How long after the payer's clock a payment stays acceptable. */
  readonly acceptMinutes: number;
  /** How long a payee has to bring an accepted payment in (TS-SYN-8). */
  readonly claimSeconds: number;
  /** A payee refuses a payer whose last sync is older than this. */
  readonly staleSeconds: number;
  /** Soft expiry: this long before hard expiry a purse asks to renew. */
  readonly graceSeconds: number;
  /** Furthest that signed time may lie ahead of floor and clock. */
  readonly skewSeconds: number;
  /** The scheme is without network: longer windows, lower caps (TS-POL-6). */
  readonly emergency: boolean;
  readonly tiers: readonly Tier[];
  readonly measurements: readonly Measurement[];
}

const tier: Codec<Tier> = tuple<Tier>({
  tier: uint(LIMITS.tiers - 1),
  paymentMax: totalField,
  balanceMax: totalField,
  totalMax: totalField,
  countMax: uint(LIMITS.openPayments),
  stepUpAbove: totalField,
  payerCap: totalField,
  offlineSeconds: seconds,
});

const measurement: Codec<Measurement> = tuple<Measurement>({
  index: uint(LIMITS.imageVersion),
  sha256: fixed(32),
  acceptedUntil: seconds,
});

/** A registry has each row once: two of one number would let two readers see two policies (TS-POL-2). */
function distinct<T>(rows: Codec<readonly T[]>, numberOf: (row: T) => number): Codec<readonly T[]> {
  return {
    encode: (value) => rows.encode(value),
    decode: (item, path) => {
      const value = rows.decode(item, path);
      const numbers = new Set(value.map(numberOf));
      demand(numbers.size === value.length, 'BAD_FIELD', `${path} has a row twice`);
      return value;
    },
  };
}

export const policy: Codec<Policy> = tagged<Policy>(RECORD.policy, {
  version,
  issuedAt: seconds,
  currency: currencyField,
  hopMax: uint(LIMITS.hopsMax, 1),
  acceptMinutes: uint(0xffff, 1),
  claimSeconds: seconds,
  staleSeconds: seconds,
  graceSeconds: seconds,
  skewSeconds: seconds,
  emergency: flag,
  tiers: distinct(list(tier, LIMITS.tiers), (row) => row.tier),
  measurements: distinct(list(measurement, LIMITS.measurements), (row) => row.index),
});

/** A policy whose root signature has been checked (TS-POL-1). */
export function* checkPolicy(bytes: Bytes, anchor: TrustAnchor): Checking<Policy> {
  return yield* checkRootMessage(bytes, anchor, policy, 'policy');
}

/** The root sets every floor back to a given time: the way out after a wrong beacon (TS-TIM-4). */
export interface TimeReset {
  readonly version: number;
  readonly floor: Seconds;
}

export const timeReset: Codec<TimeReset> = tagged<TimeReset>(RECORD.timeReset, {
  version,
  floor: seconds,
});

/** A time reset whose root signature has been checked (TS-TIM-4). */
export function* checkTimeReset(bytes: Bytes, anchor: TrustAnchor): Checking<TimeReset> {
  return yield* checkRootMessage(bytes, anchor, timeReset, 'time reset');
}

function* checkRootMessage<T>(
  bytes: Bytes,
  anchor: TrustAnchor,
  codec: Codec<T>,
  name: string,
): Checking<T> {
  const signed = decodeSigned(bytes);
  const message = decodePayload(signed.payload, codec, name);
  demand(
    equal(signed.kid, anchorRef(anchor)),
    'UNKNOWN_ISSUER',
    `${name} is not signed by the scheme root`,
  );
  yield* checkSignature(signed, anchor.key);
  return message;
}
