import {
  audit,
  type CertificateRow,
  type Context,
  createMemoryStore,
  ingestMany,
  newPurse,
  recordLoad,
  revoke,
  settle,
  type Store,
} from '@tallystick/backend/core';
import {
  type Bytes,
  closure,
  decodeAuthority,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  encodeSigned,
  recordId,
  requestDigest,
  type SignatureCheck,
  sha256,
  toHex,
  type TrustStore,
  unsignedStatusList,
  unwrap,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import type { TestParticipant, TestScheme } from '@tallystick/trusted-app/testing';

/** The real reconciliation on the memory store, for purses of a test scheme. */
export class RealOffice {
  readonly store: Store = createMemoryStore();
  /** Answers and closures as they were handed out: by statement, and by payment. */
  readonly answers: Map<string, Bytes> = new Map();
  readonly closures: Map<string, Bytes> = new Map();
  /** Status lists by version. */
  readonly lists: Map<number, Bytes> = new Map();
  readonly #context: Context;

  constructor(scheme: TestScheme, verdicts: Map<string, boolean>, now: () => number) {
    const verify = (check: SignatureCheck): boolean => {
      const name = toHex(sha256(check.key.bytes, check.signature, check.message));
      const verdict = verdicts.get(name) ?? softwareVerify(check);
      verdicts.set(name, verdict);
      return verdict;
    };
    const home = (code: string): TestParticipant => {
      const found = scheme.participants.find((each) => each.code === code);
      if (found === undefined) throw new Error(`no participant ${code}`);
      return found;
    };
    this.#context = {
      store: this.store,
      trust: trustOf(scheme),
      now,
      verifyMany: async (checks) => checks.map(verify),
      issuer: {
        listUri: 'model:status',
        sign: async (code, draft) =>
          decodeSigned(home(code).issuer.signBytes(draft), draft.external),
        signList: async (list) => {
          const { key, ref } = scheme.operator;
          return scheme.operator.signBytes(unsignedStatusList(list, { alg: key.alg, ref }));
        },
      },
    };
  }

  async open(scheme: TestScheme): Promise<void> {
    const issuing = [
      { code: 'OPERATOR', issuer: scheme.operator },
      ...scheme.participants.map(({ code, issuer }) => ({ code, issuer })),
    ];
    const certificates = issuing.map(({ code, issuer }) => row(issuer.certificate, code, null));
    await this.store.transaction([], (tx) => tx.write({ certificates }));
    await this.publish('first');
  }

  async enrol(certificate: Bytes, participant: string): Promise<string> {
    const id = toHex(decodePurseCertificate(certificate).ref);
    const purse = newPurse({ id, participant, account: `account of ${id}`, currency: 978 });
    const certificates = [row(certificate, participant, id)];
    await this.store.transaction([id], (tx) => tx.write({ purses: [purse], certificates }));
    return id;
  }

  async publish(reason: string): Promise<void> {
    await revoke([], reason, this.#context);
    await this.#keepList();
  }

  /** The issuer's payment for a request, or the code of its refusal. */
  async load(purse: string, request: Bytes, amount: bigint): Promise<Bytes | string> {
    const digest = requestDigest(request);
    const order = { purse, payee: purse, requestDigest: digest, amount, acceptMinutes: 1_440 };
    const loaded = await recordLoad(order, this.#context);
    return loaded.ok ? loaded.value : loaded.error.code;
  }

  /** Takes in an upload and everything that follows from it, in every shard. */
  async take(upload: Bytes, statement: string): Promise<void> {
    const [outcome] = await ingestMany([upload], this.#context);
    if (outcome === undefined) throw new Error('an upload has an outcome');
    const taken = unwrap(outcome);
    if (taken.refused.length > 0) throw new Error(`refused: ${taken.refused[0]?.code}`);
    this.answers.set(statement, taken.answer);
    for (const wire of taken.closures) {
      const { paymentId } = decodePayload(decodeSigned(wire).payload, closure, 'closure');
      this.closures.set(toHex(paymentId), wire);
    }
    await settle(this.#context, async () => undefined);
    await this.#keepList();
  }

  /** What separate code says of the books; empty when it agrees. */
  async audit(): Promise<readonly unknown[]> {
    return (await audit(this.#context)).differences;
  }

  async #keepList(): Promise<void> {
    const latest = await this.store.latestList();
    if (latest !== null) this.lists.set(latest.version, latest.wire);
  }
}

function trustOf(scheme: TestScheme): TrustStore {
  const authorities = scheme.authorities.map(decodeAuthority);
  return {
    anchor: scheme.anchor,
    authorities: new Map(authorities.map((each) => [toHex(each.ref), each])),
  };
}

function row(wire: Bytes, participant: string, purse: string | null): CertificateRow {
  const certificate = decodePurseCertificate(wire);
  return {
    ref: toHex(certificate.ref),
    purse,
    participant,
    fromSeq: 1,
    statusIndex: certificate.profile.statusIndex,
    alg: certificate.key.alg,
    key: certificate.key.bytes,
    expires: certificate.expires,
    wire: encodeSigned(certificate.signed),
  };
}

/** The id of a message, as its log and the backend name it. */
export function idOf(message: Bytes, external?: Bytes): string {
  return toHex(recordId(decodeSigned(message, external)));
}
