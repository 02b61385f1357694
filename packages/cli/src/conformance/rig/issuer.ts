import {
  type Bytes,
  type EnrolmentReply,
  enrolmentReply,
  encodeBody,
  encodeReply,
  loadReply,
  type Payment,
  type Policy,
  type PublicKey,
  type Seconds,
  type StatusDelta,
  type SyncReply,
  type Tier,
  timeReset,
  unsignedStatusDelta,
} from '@tallystick/protocol';
import {
  START,
  TEST_POLICY,
  type TestParticipant,
  type TestScheme,
} from '@tallystick/trusted-app/testing';

/** The row of the measurement registry for the program under test; row 1 is the counterpart's. */
const IUT_MEASUREMENT = 2;

export type Certified = Parameters<TestParticipant['certify']>[1];

/**
 * The scheme as one program under test meets it: its issuer (the first participant), the operator and
 * the root. It signs what a case tells it to, honest or not, and keeps the versions.
 */
export class Issuer {
  readonly scheme: TestScheme;
  /** Issues the purse under test. */
  readonly own: TestParticipant;
  /** Issues the counterparts. */
  readonly other: TestParticipant;
  #policy: Partial<Policy>;
  #policyVersion = 1;
  #listVersion = 1;
  #resetVersion = 0;
  #loads = 0;
  #revoked: readonly number[] = [];
  #issuedAt: Seconds = START;

  constructor(scheme: TestScheme, policy: Partial<Policy> = {}) {
    this.scheme = scheme;
    [this.own, this.other] = scheme.participants;
    this.#policy = policy;
  }

  /** The measurement that purses of the program's kind name from now on. */
  register(measurement: Bytes): void {
    const row = { index: IUT_MEASUREMENT, sha256: measurement, acceptedUntil: START + 31_536_000 };
    this.#policy = { measurements: [...TEST_POLICY.measurements, row], ...this.#policy };
  }

  get listVersion(): number {
    return this.#listVersion;
  }

  certify(key: PublicKey, change: Certified = {}): Bytes {
    return this.own.certify(key, { measurement: IUT_MEASUREMENT, ...change });
  }

  /** The policy in force. */
  policy(change: Partial<Policy> = {}): Bytes {
    return this.scheme.signPolicy({ version: this.#policyVersion, ...this.#policy, ...change });
  }

  /** A newer policy, in force from now on. */
  nextPolicy(change: Partial<Policy> = {}): Bytes {
    this.#policyVersion += 1;
    this.#policy = { ...this.#policy, ...change };
    return this.policy();
  }

  /** The status list in force. */
  list(change: Parameters<TestScheme['signList']>[0] = {}): Bytes {
    return this.scheme.signList({
      version: this.#listVersion,
      issuedAt: this.#issuedAt,
      revoked: this.#revoked,
      ...change,
    });
  }

  /** A newer list, in force from now on. */
  nextList(change: { readonly revoked?: readonly number[]; readonly issuedAt?: Seconds }): Bytes {
    this.#listVersion += 1;
    this.#revoked = change.revoked ?? this.#revoked;
    this.#issuedAt = change.issuedAt ?? this.#issuedAt;
    return this.list();
  }

  /** A delta between two versions of the list, signed by the operator unless it is said who does. */
  delta(
    content: Pick<StatusDelta, 'base' | 'version' | 'revoked'>,
    by: TestScheme['operator'] = this.scheme.operator,
  ): Bytes {
    const delta = { ...content, issuedAt: this.#issuedAt };
    return by.signBytes(unsignedStatusDelta(delta, { alg: by.key.alg, ref: by.ref }));
  }

  nextReset(floor: Seconds): Bytes {
    this.#resetVersion += 1;
    const content = timeReset.encode({ version: this.#resetVersion, floor });
    return this.scheme.signByRoot(content);
  }

  /** What an enrolment is answered with, where nothing else is said. */
  welcome(certificate: Bytes, change: Partial<EnrolmentReply> = {}): Bytes {
    const { anchor, authorities, operator } = this.scheme;
    return encodeBody(enrolmentReply, {
      scheme: anchor.scheme,
      rootAlgorithm: anchor.key.alg,
      rootKey: anchor.key.bytes,
      authorities,
      certificate,
      operator: operator.certificate,
      issuer: this.own.issuer.certificate,
      policy: this.policy(),
      list: this.list(),
      unloadCode: this.own.unloadCode,
      ...change,
    });
  }

  /** The payment that a load is answered with. */
  load(
    request: Bytes,
    payee: Bytes,
    amount: bigint,
    change: Partial<Payment> = {},
    by: TestParticipant = this.own,
  ): Bytes {
    this.#loads += 1;
    const payment = by.load(request, payee, amount, { seq: this.#loads, ...change });
    return encodeBody(loadReply, { payment, issuer: by.issuer.certificate });
  }

  /** The reply to an upload around an answer. */
  reply(answer: Bytes, change: Partial<SyncReply> = {}): Bytes {
    return encodeReply({
      answer,
      certificates: [this.own.issuer.certificate, this.scheme.operator.certificate],
      policy: null,
      list: null,
      closures: [],
      refused: [],
      ...change,
    });
  }
}

/** A policy whose paying tier differs. */
export function tierPolicy(tier: Partial<Tier>): Partial<Policy> {
  const tiers = TEST_POLICY.tiers.map((row) => (row.tier === 1 ? { ...row, ...tier } : row));
  return { tiers };
}
