import {
  anchorRef,
  type Bytes,
  decodePayload,
  decodeSigned,
  encodeCbor,
  equal,
  NO_EXTERNAL,
  type Policy,
  policy as policyCodec,
  type Seconds,
  type TrustAnchor,
  type Unsigned,
} from '@tallystick/protocol';
import type { Scheme } from '../scheme/scheme.ts';

/** The scheme's risk rules as its devices know them (TS-POL-1). */
function buildPolicy(scheme: Scheme, version: number, issuedAt: Seconds): Policy {
  const { currency, hopMax, acceptMinutes, claimSeconds, staleSeconds } = scheme;
  const { graceSeconds, skewSeconds, emergency, tiers, measurements } = scheme;
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
 * The policy to publish when the last one no longer says what the scheme file says; null when it
 * still does. Versions and times only grow (TS-POL-3).
 */
export function nextPolicy(scheme: Scheme, last: Policy | null, now: Seconds): Policy | null {
  if (last === null) return buildPolicy(scheme, 1, now);
  const same = encodePolicy(buildPolicy(scheme, last.version, last.issuedAt));
  if (equal(same, encodePolicy(last))) return null;
  return buildPolicy(scheme, last.version + 1, Math.max(now, last.issuedAt + 1));
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
