import {
  type Algorithm,
  ALGORITHMS,
  ASSURANCE,
  attempt,
  currencyOf,
  ED25519,
  ES256,
  fromHex,
  LIMITS,
  publicKey,
} from '@tallystick/protocol';
import { z } from 'zod';
import { LATER_METHODS, METHODS } from '../attestation/verifier.ts';
import type { Scheme } from './scheme.ts';

/** A scheme file that cannot be used; the message lists every field that is wrong. */
export class SchemeError extends Error {
  override readonly name = 'SchemeError';
}

const minorUnits = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,15})$/, 'must be minor units as digits, such as "12345"')
  .transform(BigInt)
  .refine((value) => value <= LIMITS.amountMinorUnits, 'must be at most 2^53 - 1');
const count = z.number().int().nonnegative();
const seconds = count.max(0xffff_ffff);
const name = z.string().min(1).max(LIMITS.nameBytes);
const assurance = z
  .enum(Object.keys(ASSURANCE) as (keyof typeof ASSURANCE)[])
  .transform((word) => ASSURANCE[word]);

const SIGNABLE: readonly Algorithm[] = [ES256, ED25519];
const algorithm = z.string().transform((word, context) => {
  const found = SIGNABLE.find((each) => ALGORITHMS[each].name === word);
  if (found !== undefined) return found;
  context.addIssue(`must be one of ${SIGNABLE.map((each) => ALGORITHMS[each].name).join(', ')}`);
  return z.NEVER;
});

const currency = z.string().transform((alpha, context) => {
  const found = currencyOf(alpha);
  if (found.ok) return found.value;
  context.addIssue('must be an ISO 4217 code of the register, such as "EUR"');
  return z.NEVER;
});

const tier = z.strictObject({
  tier: count.min(1).max(LIMITS.tiers - 1),
  name,
  assurance,
  holder: z.enum(['person', 'acceptancePoint']),
  paymentMax: minorUnits,
  balanceMax: minorUnits,
  totalMax: minorUnits,
  countMax: count.max(LIMITS.openPayments),
  stepUpAbove: minorUnits,
  payerCap: minorUnits,
  offlineSeconds: seconds,
});

const emergencyTier = z.strictObject({
  tier: count.min(1).max(LIMITS.tiers - 1),
  paymentMax: minorUnits,
  totalMax: minorUnits,
  countMax: count.max(LIMITS.openPayments),
  stepUpAbove: minorUnits,
  payerCap: minorUnits,
  offlineSeconds: seconds,
});

const attestation = z.enum(METHODS).refine((method) => !LATER_METHODS.has(method), {
  error: 'there is no verifier of it yet',
});

const environment = z.strictObject({
  environment: z.string().min(1).max(32),
  name,
  attestation,
  assurance,
});

const certificates = z.array(z.string().regex(/^-----BEGIN CERTIFICATE-----/, 'must be PEM'));

const digest = z.string().transform((text, context) => {
  const bytes = fromHex(text);
  if (bytes?.length === 32) return bytes;
  context.addIssue('must be a SHA-256 digest in hex');
  return z.NEVER;
});

const hardware = z.strictObject({
  tpmRoots: certificates,
  bootDigests: z.array(digest).min(1).nullable(),
  webauthn: z
    .strictObject({
      roots: certificates.min(1),
      relyingParty: name,
      origins: z.array(z.url()).min(1),
    })
    .nullable(),
});

const publisher = z
  .strictObject({ name, algorithm, key: z.string() })
  .transform(({ name: named, algorithm: alg, key }, context) => {
    const read = attempt(() => publicKey(alg, fromHex(key) ?? new Uint8Array(0)));
    if (read.ok) return { name: named, key: read.value };
    context.addIssue({ code: 'custom', path: ['key'], message: 'must be a public key in hex' });
    return z.NEVER;
  });

const party = z.strictObject({
  // A participant's code must fit the field of the enrolment request.
  code: z.string().regex(/^[A-Z0-9]{8}(?:[A-Z0-9]{3})?$/, 'must be 8 or 11 letters and digits'),
  name,
});

const file = z
  .strictObject({
    id: name,
    name,
    sandbox: z.boolean(),
    currency,
    statusListUri: z.url().max(LIMITS.nameBytes),
    algorithms: z.array(algorithm).min(1),
    hopMax: count.min(1).max(LIMITS.hopsMax),
    acceptMinutes: count.min(1).max(0xffff),
    claimSeconds: seconds,
    staleSeconds: seconds,
    graceSeconds: seconds,
    skewSeconds: seconds,
    emergency: z.strictObject({
      staleSeconds: seconds,
      tiers: z.array(emergencyTier).min(1).max(LIMITS.tiers),
    }),
    certificateSeconds: z.strictObject({
      authority: seconds,
      issuer: seconds,
      purse: seconds,
      acceptancePoint: seconds,
    }),
    tiers: z.array(tier).min(1).max(LIMITS.tiers),
    environments: z.array(environment).min(1),
    hardware,
    tampering: z.array(z.enum(['unlock', 'new-certificate', 'lower-tier', 'revoke'])).min(1),
    publisher: publisher.nullable(),
    leadSeconds: seconds,
    supersededSeconds: seconds,
    operator: party,
    // Each party has its block of status indices.
    participants: z.array(party).min(1).max(63),
    liability: z.strictObject({
      forkLoss: z.literal('culprit-participant'),
      lateClaims: z.literal('fund-with-recourse'),
    }),
  })
  .superRefine((scheme, context) => {
    for (const [path, message] of contradictions(scheme)) {
      context.addIssue({ code: 'custom', path, message });
    }
  });

/** What is wrong between fields that are each right. */
function contradictions(scheme: Scheme): [path: string[], message: string][] {
  const found: [string[], string][] = [];
  const say = (condition: boolean, path: string, message: string): void => {
    if (condition) found.push([[path], message]);
  };
  const repeats = (values: readonly unknown[]): boolean => new Set(values).size < values.length;
  const { certificateSeconds: lifetime } = scheme;
  const parties = [scheme.operator, ...scheme.participants].map(({ code }) => code);
  say(repeats(parties), 'participants', 'two parties have the same code');
  say(repeats(scheme.tiers.map(({ tier }) => tier)), 'tiers', 'two tiers have the same number');
  say(
    repeats(scheme.tiers.map((each) => `${each.assurance} ${each.holder}`)),
    'tiers',
    'two tiers are for the same assurance and holder',
  );
  say(
    repeats(scheme.environments.map((row) => `${row.environment} ${row.attestation}`)),
    'environments',
    'two rows are for the same environment and attestation',
  );
  const untiered = scheme.environments.find(
    (row) => !scheme.tiers.some((each) => each.assurance === row.assurance),
  );
  say(untiered !== undefined, 'tiers', `no tier is for the assurance of "${untiered?.name}"`);
  for (const message of ceilingFaults(scheme)) found.push([['tiers'], message]);
  for (const message of environmentFaults(scheme)) found.push([['environments'], message]);
  say(
    scheme.supersededSeconds <= scheme.leadSeconds,
    'supersededSeconds',
    'must be more than leadSeconds, or devices have no time to update',
  );
  say(
    !scheme.sandbox && scheme.publisher === null,
    'publisher',
    'only a sandbox scheme publishes the trusted application for itself',
  );
  say(
    scheme.graceSeconds >= Math.min(lifetime.purse, lifetime.acceptancePoint),
    'graceSeconds',
    'must be less than the lifetime of a purse certificate',
  );
  say(
    Math.max(lifetime.purse, lifetime.acceptancePoint) > lifetime.issuer ||
      lifetime.issuer > lifetime.authority,
    'certificateSeconds',
    'an issuer must outlive its purses, and an authority its issuer',
  );
  for (const message of emergencyFaults(scheme)) found.push([['emergency'], message]);
  return found;
}

/** What nothing vouches for is worth what software is, and in a sandbox alone (TS-ATT-5). */
function environmentFaults({ sandbox, environments, hardware }: Scheme): string[] {
  return environments.flatMap(
    ({ environment: kind, name: called, attestation: by, assurance: is }) => {
      const isSoftware = is === ASSURANCE.software;
      const vouchers = by === 'webauthn' ? (hardware.webauthn?.roots ?? []) : hardware.tpmRoots;
      const isUnfounded = by !== 'self-asserted' && vouchers.length === 0;
      return [
        ...(by === 'self-asserted' && !isSoftware
          ? [`"${called}" asserts itself, which is worth what software is`]
          : []),
        ...(!sandbox && (isSoftware || kind === 'plain-process')
          ? [`"${called}" is for a sandbox scheme only`]
          : []),
        ...(!sandbox && isUnfounded ? [`no maker of hardware vouches for "${called}"`] : []),
      ];
    },
  );
}

/** A stronger environment never has less to spend: else it would pay to hide how strong one is. */
/** Where a stronger environment has a lower ceiling than a weaker one. */
export function ceilingFaults({ tiers }: Scheme): string[] {
  return tiers.flatMap((row) => {
    const weaker = tiers.filter(
      (each) => each.holder === row.holder && each.assurance < row.assurance,
    );
    return CEILINGS.filter((cap) => weaker.some((each) => each[cap] > row[cap])).map(
      (cap) => `${cap} of tier ${row.tier} is lower than in a weaker environment`,
    );
  });
}

/** In an emergency no cap is higher and no window shorter than in normal times (TS-POL-6). */
function emergencyFaults({ tiers, staleSeconds, emergency }: Scheme): string[] {
  const found: string[] = [];
  const numbers = (rows: readonly { readonly tier: number }[]): string =>
    rows
      .map(({ tier }) => tier)
      .sort((a, b) => a - b)
      .join();
  if (numbers(tiers) !== numbers(emergency.tiers)) {
    return ['must have one row for each tier of the scheme'];
  }
  if (emergency.staleSeconds < staleSeconds)
    found.push('staleSeconds is shorter than in normal times');
  for (const row of tiers) {
    const other = emergency.tiers.find(({ tier }) => tier === row.tier);
    if (other === undefined) continue;
    const isHigher = CAPS.filter((cap) => other[cap] > row[cap]);
    const says = isHigher.map((cap) => `${cap} of tier ${row.tier} is higher than in normal times`);
    found.push(...says);
    if (other.offlineSeconds < row.offlineSeconds) {
      found.push(`offlineSeconds of tier ${row.tier} is shorter than in normal times`);
    }
  }
  return found;
}

const CEILINGS = ['paymentMax', 'balanceMax', 'totalMax', 'countMax', 'payerCap'] as const;

const CAPS = ['paymentMax', 'totalMax', 'countMax', 'stepUpAbove', 'payerCap'] as const;

/**
 * Reads a scheme file's JSON.
 *
 * @throws SchemeError that names every field that is wrong
 */
export function parseScheme(json: unknown, source = 'the scheme'): Scheme {
  const parsed = file.safeParse(json);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new SchemeError(`${source} cannot be used:\n${lines.join('\n')}`);
}
