import {
  type Algorithm,
  ASSURANCE,
  anchorRef,
  type AuthorityProfile,
  answer as answerCodec,
  type Bytes,
  type Cbor,
  closure as closureCodec,
  decodePurseCertificate,
  encodeCbor,
  encodeSigned,
  ES256,
  GENESIS,
  ISSUER_TIER,
  NO_EXTERNAL,
  OPERATOR,
  PARTICIPANT,
  type Payment,
  payment as paymentCodec,
  type Policy,
  policy as policyCodec,
  type PublicKey,
  type PurseProfile,
  request as requestCodec,
  requestDigest,
  type Seconds,
  sha256,
  statusBits,
  type StatusList,
  type Tier,
  toBeSigned,
  type TrustAnchor,
  type Unsigned,
  unsignedCertificate,
  unsignedStatusList,
  decodeCertificate,
} from '@tallystick/protocol';
import { softwarePublicKey, softwareSecretKey, softwareSign } from '@tallystick/protocol/software';

/** Issuer time at which test worlds start: 2026-09-21T14:13:20Z. */
export const START: Seconds = 1_790_000_000;
export const DAY = 86_400;

/** A signing authority of a test scheme: deterministic keys, real signatures. */
export interface Signer {
  readonly key: PublicKey;
  readonly ref: Bytes;
  readonly certificate: Bytes;
  sign(payload: Cbor, external?: Bytes): Bytes;
  signBytes(message: Omit<Unsigned, 'alg' | 'kid'>): Bytes;
}

interface ListContent extends Omit<StatusList, 'bits'> {
  /** Status indices. */
  readonly revoked: readonly number[];
}

export interface TestScheme {
  readonly anchor: TrustAnchor;
  readonly policy: Policy;
  readonly operator: Signer;
  readonly authorities: readonly Bytes[];
  readonly participants: readonly [TestParticipant, TestParticipant];
  signPolicy(change?: Partial<Policy>): Bytes;
  signList(change?: Partial<ListContent>): Bytes;
  signByRoot(payload: Cbor): Bytes;
}

export interface TestParticipant {
  readonly code: string;
  readonly issuer: Signer;
  /** Signed static code by which money comes home. */
  readonly unloadCode: Bytes;
  certify(
    key: PublicKey,
    change?: Partial<PurseProfile> & { readonly expires?: Seconds; readonly subject?: string },
  ): Bytes;
  /** The issuer's payment for a purse's signed request. */
  load(signedRequest: Bytes, payee: Bytes, amount: bigint, change?: Partial<Payment>): Bytes;
  answer(
    statementId: Bytes,
    ackedTo: number,
    epoch: number,
    time: Seconds,
    settled?: readonly Bytes[],
  ): Bytes;
  close(paymentId: Bytes, statementId: Bytes, time: Seconds): Bytes;
}

const EXPIRES = START + 365 * DAY;
export const TEST_MEASUREMENT: Bytes = sha256(encodeCbor('test image'));

/** Limits of the test scheme: tier 1 pays, tier 2 only receives; 978 is the euro. */
export const TEST_POLICY: Policy = {
  version: 1,
  issuedAt: START,
  currency: 978,
  hopMax: 5,
  acceptMinutes: 1_440,
  claimSeconds: 7 * DAY,
  staleSeconds: 10 * DAY,
  graceSeconds: 14 * DAY,
  skewSeconds: 30 * DAY,
  emergency: false,
  tiers: [
    {
      tier: 1,
      paymentMax: 10_000n,
      balanceMax: 50_000n,
      totalMax: 30_000n,
      countMax: 20,
      stepUpAbove: 5_000n,
      payerCap: 20_000n,
      offlineSeconds: 7 * DAY,
    },
    {
      tier: 2,
      paymentMax: 0n,
      balanceMax: 1_000_000n,
      totalMax: 0n,
      countMax: 0,
      stepUpAbove: 0n,
      payerCap: 20_000n,
      offlineSeconds: 7 * DAY,
    },
  ],
  measurements: [{ index: 1, sha256: TEST_MEASUREMENT, acceptedUntil: START + 365 * DAY }],
};

/** A next policy in which the paying tier, and whatever else is named, differs. */
export function policyChange(
  tier: Partial<Tier>,
  change: Partial<Policy> = {},
): Partial<Policy> & { readonly version: number } {
  const tiers = TEST_POLICY.tiers.map((row) => (row.tier === 1 ? { ...row, ...tier } : row));
  return { version: TEST_POLICY.version + 1, tiers, ...change };
}

function secretOf(label: string, alg: Algorithm): Bytes {
  const seed = [0, 1].map((part) => sha256(encodeCbor([label, part])));
  return softwareSecretKey(alg, Uint8Array.from([...(seed[0] ?? []), ...(seed[1] ?? [])]));
}

function signWith(alg: Algorithm, secret: Bytes, message: Unsigned): Bytes {
  return encodeSigned({ ...message, signature: softwareSign(alg, secret, toBeSigned(message)) });
}

/** A whole scheme from a label: root, operator, two participants with their issuing keys. */
export function testScheme(label = 'test'): TestScheme {
  const rootSecret = secretOf(`${label} root`, ES256);
  const anchor: TrustAnchor = { scheme: label, key: softwarePublicKey(ES256, rootSecret) };
  const root = { alg: ES256, ref: anchorRef(anchor) } as const;
  const signByRoot = (payload: Cbor): Bytes =>
    signWith(ES256, rootSecret, {
      alg: ES256,
      kid: root.ref,
      external: NO_EXTERNAL,
      payload: encodeCbor(payload),
    });

  const authority = (code: string, role: AuthorityProfile['role']): Signer => {
    const secret = secretOf(`${label} ${code}`, ES256);
    const key = softwarePublicKey(ES256, secret);
    const claims = { expires: EXPIRES, key, subject: code, profile: { scheme: label, role } };
    return signer(secret, key, signWith(ES256, rootSecret, unsignedCertificate(claims, root)));
  };
  const issuing = (above: Signer, code: string): Signer => {
    const secret = secretOf(`${label} ${code} issuing`, ES256);
    const key = softwarePublicKey(ES256, secret);
    const profile = {
      tier: ISSUER_TIER,
      assurance: ASSURANCE.secureElement,
      measurement: 0,
      statusIndex: 0,
    };
    const message = unsignedCertificate(
      { expires: EXPIRES, key, subject: code, profile },
      { alg: ES256, ref: above.ref },
    );
    return signer(secret, key, above.signBytes(message));
  };

  const operatorAuthority = authority('OPERATOR', OPERATOR);
  const operator = issuing(operatorAuthority, 'OPERATOR');
  const makeParticipant = (code: string): { authority: Signer; participant: TestParticipant } => {
    const own = authority(code, PARTICIPANT);
    return { authority: own, participant: participantOf(code, own, issuing(own, code)) };
  };
  const alpha = makeParticipant('ALPHSESS');
  const beta = makeParticipant('BETASESS');
  return {
    anchor,
    policy: TEST_POLICY,
    operator,
    authorities: [
      operatorAuthority.certificate,
      alpha.authority.certificate,
      beta.authority.certificate,
    ],
    participants: [alpha.participant, beta.participant],
    signPolicy: (change = {}) => signByRoot(policyCodec.encode({ ...TEST_POLICY, ...change })),
    signList: ({ revoked = [], ...change } = {}) => {
      const bits = statusBits(revoked);
      const list = { uri: `${label}:status`, issuedAt: START, version: 1, bits, ...change };
      return operator.signBytes(unsignedStatusList(list, { alg: ES256, ref: operator.ref }));
    },
    signByRoot,
  };
}

function signer(secret: Bytes, key: PublicKey, certificate: Bytes): Signer {
  const { ref } = decodeCertificate(certificate);
  const signBytes = (message: Omit<Unsigned, 'alg' | 'kid'>): Bytes =>
    signWith(key.alg, secret, { ...message, alg: key.alg, kid: ref });
  return {
    key,
    ref,
    certificate,
    signBytes,
    sign: (payload, external = NO_EXTERNAL) =>
      signBytes({ external, payload: encodeCbor(payload) }),
  };
}

function participantOf(code: string, authority: Signer, issuer: Signer): TestParticipant {
  let statusIndex = code === 'ALPHSESS' ? 100 : 200;
  return {
    code,
    issuer,
    unloadCode: issuer.sign(
      requestCodec.encode({
        currency: 978,
        amount: null,
        expires: EXPIRES,
        nonce: new Uint8Array(8),
        tag: new Uint8Array(8),
        isStatic: true,
      }),
    ),
    certify: (key, { expires = EXPIRES, subject, ...change } = {}) => {
      const profile = {
        tier: 1,
        assurance: ASSURANCE.software,
        measurement: 1,
        statusIndex: statusIndex++,
        ...change,
      };
      const claims = { expires, key, subject: subject ?? null, profile };
      return authority.signBytes(unsignedCertificate(claims, { alg: ES256, ref: authority.ref }));
    },
    load: (signedRequest, payee, amount, change = {}) =>
      issuer.sign(
        paymentCodec.encode({
          seq: 1,
          head: GENESIS,
          payee: decodePurseCertificate(payee).ref,
          value: { kind: 1, currency: 978, amount, hop: 0 },
          syncedAt: START,
          acceptMinutes: 1_440,
          ...change,
        }),
        requestDigest(signedRequest),
      ),
    answer: (statementId, ackedTo, epoch, time, settled = []) =>
      issuer.sign(answerCodec.encode({ statementId, ackedTo, epoch, time, settled })),
    close: (paymentId, statementId, time) =>
      issuer.sign(closureCodec.encode({ paymentId, statementId, time })),
  };
}
