import {
  type Algorithm,
  attempt,
  type Bytes,
  type Credential,
  type Currency,
  type EnrolmentReply,
  type Introduction,
  type Seconds,
} from '@tallystick/protocol';
import type { Element } from '@tallystick/tre';
import {
  type Answer,
  COMMAND,
  type Command,
  encodeCommand,
  type Enrol,
  type Message,
  type Reply,
  readReply,
  type StatementReply,
  type Status,
} from '@tallystick/trusted-app';
import { fail, type WalletResult } from './failure.ts';

/** A fork proof that holds. */
export interface Culprit {
  /** Reference of the culprit's certificate. */
  readonly culprit: Bytes;
  /** True when this purse did not refuse it before. */
  readonly isNew: boolean;
}

export interface RequestOrder {
  readonly currency: Currency;
  /** Minor units, or null where the payer chooses. */
  readonly amount: bigint | null;
  readonly expires: Seconds;
  readonly isStatic: boolean;
}

export interface PayOrder {
  readonly request: Bytes;
  /** The payee's. */
  readonly certificate: Bytes;
  /** Minor units; needed where the request leaves it open, else null or the same. */
  readonly amount: bigint | null;
  readonly pin: Bytes | null;
  readonly assertHolder: boolean;
  readonly despiteDoubt: boolean;
}

/** A payment as a payee judges it. */
export interface Offered {
  readonly payment: Bytes;
  /** The payer's. */
  readonly certificate: Bytes;
  readonly request: Bytes;
}

type Replied<K extends Reply['kind']> = Promise<WalletResult<Extract<Reply, { kind: K }>>>;
type Done = Promise<WalletResult<void>>;

/**
 * The commands of the trusted application as methods, over any element (TS-PUR-3). Every method
 * returns the purse's own refusal as it is, or ELEMENT_FAILED when the element did not answer: then
 * the command may have been carried out or not.
 */
export class PurseClient {
  readonly #element: Element;

  constructor(element: Element) {
    this.#element = element;
  }

  /** SHA-256 of the trusted application that runs in the element (TS-IMG-4). */
  measurement(): Promise<WalletResult<Bytes>> {
    return reached(() => this.#element.measurement());
  }

  /** What its hardware introduces itself with to a backend; null where there is none (TS-ATT-3). */
  introduce(): Promise<WalletResult<Introduction | null>> {
    return reached(async () => (await this.#element.attester?.introduce()) ?? null);
  }

  /** The challenge in a credential; null where that is for other hardware. */
  activate(credential: Credential): Promise<WalletResult<Bytes | null>> {
    return reached(async () => (await this.#element.attester?.activate(credential)) ?? null);
  }

  status(): Promise<WalletResult<Status>> {
    return this.#run({ kind: COMMAND.status }, 3);
  }

  /** Makes a key and the enrolment that asks for its certificate. `challenge` has 32 bytes. */
  prepare(order: {
    readonly alg: Algorithm;
    readonly challenge: Bytes;
    readonly pin: Bytes | null;
  }): Promise<WalletResult<Enrol>> {
    return this.#run({ kind: COMMAND.prepare, ...order }, 2);
  }

  /** Turns the prepared key into a purse, with what the backend replied to its enrolment. */
  personalise(reply: EnrolmentReply): Done {
    const { scheme, rootAlgorithm, rootKey, authorities } = reply;
    const { certificate, policy, list, operator } = reply;
    const trust = { scheme, rootAlgorithm, rootKey, authorities };
    return this.#do({ kind: COMMAND.personalise, ...trust, certificate, policy, list, operator });
  }

  /** Makes and signs a demand for money, or a static code. */
  request(order: RequestOrder): Promise<WalletResult<Message>> {
    return this.#run({ kind: COMMAND.request, ...order }, 1);
  }

  /** Debits, and returns the signed payment with its record id. */
  pay(order: PayOrder): Promise<WalletResult<Message>> {
    return this.#run({ kind: COMMAND.pay, ...order }, 1);
  }

  /** Accepts a payment; the same one again gives the same answer. */
  receive(offered: Offered, wantReceipt: boolean): Promise<WalletResult<Answer>> {
    return this.#run({ kind: COMMAND.receive, ...offered, wantReceipt }, 6);
  }

  /** Promises never to accept a payment; one accepted before is answered with its receipt. */
  voidPayment(offered: Offered): Promise<WalletResult<Answer>> {
    return this.#run({ kind: COMMAND.void, ...offered }, 6);
  }

  /** Notes the payee's receipt of an own payment. */
  settle(receipt: Bytes, payeeCertificate: Bytes): Done {
    return this.#do({ kind: COMMAND.settle, receipt, certificate: payeeCertificate });
  }

  /** Takes an own payment back, by the payee's void or the issuer's closure. */
  restore(evidence: Bytes, certificate: Bytes): Done {
    return this.#do({ kind: COMMAND.restore, evidence, certificate });
  }

  /** Signs an open payment again: the same record. */
  retry(paymentId: Bytes): Promise<WalletResult<Message>> {
    return this.#run({ kind: COMMAND.retry, paymentId }, 1);
  }

  /** States the complete log to the backend; says the same again while nothing new is in it. */
  state(): Promise<WalletResult<StatementReply>> {
    return this.#run({ kind: COMMAND.state }, 4);
  }

  importAnswer(answer: Bytes, issuerCertificate: Bytes): Done {
    return this.#do({ kind: COMMAND.importAnswer, answer, certificate: issuerCertificate });
  }

  adoptPolicy(policy: Bytes): Done {
    return this.#do({ kind: COMMAND.adoptPolicy, policy });
  }

  importList(list: Bytes, operatorCertificate: Bytes): Done {
    return this.#do({ kind: COMMAND.importList, list, certificate: operatorCertificate });
  }

  importDelta(delta: Bytes, operatorCertificate: Bytes): Done {
    return this.#do({ kind: COMMAND.importDelta, delta, certificate: operatorCertificate });
  }

  /** Checks a fork proof, and refuses the culprit from now on. */
  async checkProof(proof: Bytes): Promise<WalletResult<Culprit>> {
    const judged = await this.#run({ kind: COMMAND.checkProof, proof }, 5);
    if (!judged.ok) return judged;
    const { culprit, isNew } = judged.value;
    return { ok: true, value: { culprit, isNew } };
  }

  /** Applies the root's order to set the time floor back. */
  resetTime(reset: Bytes): Done {
    return this.#do({ kind: COMMAND.resetTime, reset });
  }

  /** Makes a new key, named in the log by the old one. `challenge` has 32 bytes. */
  startRenewal(alg: Algorithm, challenge: Bytes): Promise<WalletResult<Enrol>> {
    return this.#run({ kind: COMMAND.startRenewal, alg, challenge }, 2);
  }

  finishRenewal(certificate: Bytes): Done {
    return this.#do({ kind: COMMAND.finishRenewal, certificate });
  }

  /** Sets the first PIN (`current` is null), or changes it. */
  setPin(current: Bytes | null, next: Bytes): Done {
    return this.#do({ kind: COMMAND.setPin, current, next });
  }

  lock(): Done {
    return this.#do({ kind: COMMAND.lock });
  }

  unlock(pin: Bytes): Done {
    return this.#do({ kind: COMMAND.unlock, pin });
  }

  /** Log entries by position, first and last included. */
  readLog(from: number, to: number): Promise<WalletResult<readonly Bytes[]>> {
    return reached(() => this.#element.readLog(from, to));
  }

  async #do(command: Command): Done {
    const reply = await this.#run(command, 0);
    return reply.ok ? { ok: true, value: undefined } : reply;
  }

  async #run<K extends Exclude<Reply['kind'], 7>>(command: Command, kind: K): Replied<K> {
    const bytes = attempt(() => encodeCommand(command));
    if (!bytes.ok) return bytes;
    const replied = await reached(() => this.#element.execute(bytes.value));
    if (!replied.ok) return replied;
    const read = attempt(() => readReply(replied.value));
    if (!read.ok) return fail('ELEMENT_FAILED', `its reply is unreadable: ${read.error.message}`);
    const reply = read.value;
    if (!reply.ok) return reply;
    if (reply.value.kind !== kind) return fail('ELEMENT_FAILED', 'it answered another command');
    return { ok: true, value: reply.value as Extract<Reply, { kind: K }> };
  }
}

/** What the element answered, or ELEMENT_FAILED when it is gone. */
async function reached<T>(asked: () => Promise<T>): Promise<WalletResult<T>> {
  try {
    return { ok: true, value: await asked() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'for an unknown reason';
    return fail('ELEMENT_FAILED', reason);
  }
}
