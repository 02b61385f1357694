import {
  anchorRef,
  type Bytes,
  decodePayload,
  decodeSigned,
  encodeCbor,
  equal,
  type Measurement,
  NO_EXTERNAL,
  type Policy,
  policy as policyCodec,
  type Seconds,
  type Tier,
  type TrustAnchor,
  type Unsigned,
} from '@tallystick/protocol';
import type { Scheme } from '../scheme/scheme.ts';

/** What a policy is made of. */
export interface PolicySources {
  readonly scheme: Scheme;
  /** Images that are accepted. */
  readonly measurements: readonly Measurement[];
}

/** The scheme's risk rules as its devices know them (TS-POL-1). */
function buildPolicy(
  { scheme, measurements }: PolicySources,
  emergency: boolean,
  { version, issuedAt }: Pick<Policy, 'version' | 'issuedAt'>,
): Policy {
  const { currency, hopMax, acceptMinutes, claimSeconds } = scheme;
  const { graceSeconds, skewSeconds } = scheme;
  const { staleSeconds } = emergency ? scheme.emergency : scheme;
  const tiers = emergency ? scheme.tiers.map((row) => inEmergency(scheme, row)) : scheme.tiers;
  return {
    version,
    issuedAt,
    currency,
    hopMax,
    acceptMinutes,
    claimSeconds,
    staleSeconds,
    graceSeconds,
    skewSeconds,
    emergency,
    tiers,
    measurements,
  };
}

/**
 * The row of a tier with the caps and windows of an emergency. Where a decision has lowered a cap below the
 * emergency's, that one stands: no cap is higher in an emergency than in normal times.
 */
function inEmergency({ emergency }: Scheme, row: Tier): Tier {
  const other = emergency.tiers.find(({ tier }) => tier === row.tier);
  if (other === undefined) return row;
  const lower = (cap: 'paymentMax' | 'totalMax' | 'stepUpAbove' | 'payerCap'): bigint =>
    other[cap] < row[cap] ? other[cap] : row[cap];
  return {
    ...row,
    paymentMax: lower('paymentMax'),
    totalMax: lower('totalMax'),
    countMax: Math.min(other.countMax, row.countMax),
    stepUpAbove: lower('stepUpAbove'),
    payerCap: lower('payerCap'),
    offlineSeconds: Math.max(other.offlineSeconds, row.offlineSeconds),
  };
}

/**
 * The policy to publish when the last one no longer says what the scheme file and the registry of
 * images say; null when it still does. Versions and times only grow (TS-POL-3). The mode stays as it was unless `emergency`
 * says otherwise.
 */
export function nextPolicy(
  sources: PolicySources,
  last: Policy | null,
  now: Seconds,
  emergency: boolean = last?.emergency ?? false,
): Policy | null {
  if (last === null) return buildPolicy(sources, emergency, { version: 1, issuedAt: now });
  const same = encodePolicy(buildPolicy(sources, emergency, last));
  if (equal(same, encodePolicy(last))) return null;
  const issuedAt = Math.max(now, last.issuedAt + 1);
  return buildPolicy(sources, emergency, { version: last.version + 1, issuedAt });
}

/** What the root signs. */
export function unsignedPolicy(policy: Policy, anchor: TrustAnchor): Unsigned {
  return {
    alg: anchor.key.alg,
    kid: anchorRef(anchor),
    external: NO_EXTERNAL,
    payload: encodePolicy(policy),
  };
}

/** Reads a policy that this backend signed itself. */
export function readPolicy(signed: Bytes): Policy {
  return decodePayload(decodeSigned(signed).payload, policyCodec, 'policy');
}

function encodePolicy(policy: Policy): Bytes {
  return encodeCbor(policyCodec.encode(policy));
}
