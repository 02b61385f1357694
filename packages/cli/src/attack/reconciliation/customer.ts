import { randomBytes } from 'node:crypto';
import type { AccountName } from '@tallystick/backend';
import {
  type Bytes,
  decodeBody,
  decodePurseCertificate,
  decodeReply,
  encodeBody,
  encodeUpload,
  type EnrolmentReply,
  enrolmentReply,
  enrolmentRequest,
  ES256,
  loadReply,
  type LoadReply,
  type Result,
  type Seconds,
  type SyncReply,
  toHex,
  unwrap,
} from '@tallystick/protocol';
import type { Command } from '@tallystick/trusted-app';
import type { TestParticipant } from '@tallystick/trusted-app/testing';
import { valueOf } from '../../bench/office.ts';
import { type Device, Purse } from '../purse.ts';
import type { Office } from './office.ts';

const REQUEST_SECONDS = 600;

/** A payment on its way: what its payee is shown, and which request it answers. */
export interface Paid {
  readonly message: Bytes;
  readonly request: Bytes;
}

/** A purse with an account at the office: what it says there is what it really signs. */
export class Customer extends Purse {
  readonly #office: Office;
  readonly #welcome: EnrolmentReply;
  /** The account that its loads draw on and its unloads credit. */
  readonly account: AccountName;

  private constructor(
    device: Device,
    participant: TestParticipant,
    of: {
      readonly office: Office;
      readonly welcome: EnrolmentReply;
      readonly account: AccountName;
    },
    element: Purse['element'],
  ) {
    super(device, participant, element);
    this.#office = of.office;
    this.#welcome = of.welcome;
    this.account = of.account;
    this.certificate = of.welcome.certificate;
  }

  /** Opens an account with money in it, and enrols a device without a purse for it. */
  static async enrol(
    office: Office,
    device: Device,
    participant: TestParticipant,
    balance: bigint,
  ): Promise<Customer> {
    const { backend, scheme } = office;
    // The parties of the test scheme have the codes of the sandbox's, and are asked for nothing else.
    const account = { participant: participant.code, account: randomBytes(12).toString('hex') };
    const opening = { ...account, currency: scheme.currency, balance, acceptancePoint: null };
    valueOf(await backend.rail.open(opening));
    const blank = new Purse(device, participant, unwrap(await device.open()));
    const challenge = backend.challenge();
    const { enrolment } = await blank.get({ kind: 2, alg: ES256, challenge, pin: null }, 2);
    const body = encodeBody(enrolmentRequest, { enrolment, ...account });
    const welcome = decodeBody(enrolmentReply, valueOf(await backend.enrol(body)));
    await blank.get({ kind: 3, ...welcome }, 0);
    return new Customer(device, participant, { office, welcome, account }, blank.element);
  }

  /** This customer's purse on another device, which holds a copy of it already. */
  copyOn(device: Device, element: Purse['element']): Customer {
    const of = { office: this.#office, welcome: this.#welcome, account: this.account };
    return new Customer(device, this.participant, of, element);
  }

  /** The purse as the books name it. */
  get id(): string {
    return toHex(decodePurseCertificate(this.certificate).ref);
  }

  override request(
    amount: bigint,
    expires: Seconds = this.#office.clock() + REQUEST_SECONDS,
  ): Promise<Bytes> {
    return super.request(amount, expires);
  }

  /** The issuer's load for a request, taken from the account. */
  async fetchLoad(request: Bytes): Promise<LoadReply> {
    return decodeBody(loadReply, valueOf(await this.#office.backend.load(request)));
  }

  override async load(amount: bigint): Promise<void> {
    const request = await this.request(amount);
    await this.get(takeLoad(await this.fetchLoad(request), request), 6);
  }

  /** Signs a payment that nobody has seen yet. */
  async payTo(payee: Customer, amount: bigint): Promise<Paid> {
    const request = await payee.request(amount);
    const { message } = await this.pay(request, payee);
    return { message, request };
  }

  /** Pays in full: request, payment, receipt. */
  async payInFull(payee: Customer, amount: bigint): Promise<void> {
    await payee.accept(await this.payTo(payee, amount), this);
  }

  async accept({ message, request }: Paid, payer: Customer): Promise<void> {
    await this.receive(message, request, payer);
  }

  tryToAccept({ message, request }: Paid, payer: Customer): Promise<Result<unknown>> {
    return this.run(this.receiving(message, request, payer));
  }

  async tryToPay(payee: Customer, amount: bigint): Promise<Result<unknown>> {
    return this.run(this.paying(await payee.request(amount), payee));
  }

  /** Pays money back to the issuer; a sync brings it in. */
  async unload(amount: bigint): Promise<void> {
    unwrap(await this.tryToUnload(amount));
  }

  tryToUnload(amount: bigint): Promise<Result<unknown>> {
    const { unloadCode: request, issuer: certificate } = this.#welcome;
    const asked = { amount, pin: null, assertHolder: false, despiteDoubt: true };
    return this.run({ kind: 5, request, certificate, ...asked });
  }

  /** What a sync sends: the log since the last answer, under a statement. */
  async upload(): Promise<Bytes> {
    const { statement, from, to } = await this.state();
    const entries = await this.element.readLog(from, to);
    return encodeUpload({ statement, entries, proofs: [] });
  }

  /** Brings the log in, and takes what comes back. */
  async visit(upload?: Bytes): Promise<SyncReply> {
    const sent = upload ?? (await this.upload());
    const reply = decodeReply(valueOf(await this.#office.backend.sync(sent)));
    const { issuer, operator } = this.#welcome;
    await this.get({ kind: 12, answer: reply.answer, certificate: issuer }, 0);
    if (reply.policy !== null) await this.get({ kind: 13, policy: reply.policy }, 0);
    if (reply.list !== null) {
      await this.get({ kind: 14, list: reply.list, certificate: operator }, 0);
    }
    return reply;
  }

  override async sync(): Promise<void> {
    await this.visit();
  }

  /** Brings home what it was paid, and its money into its account. */
  async redeem(amount: bigint): Promise<void> {
    await this.unload(amount);
    await this.visit();
  }

  /** Takes a payment back by the issuer's closure. */
  async restore(closure: Bytes): Promise<void> {
    await this.get({ kind: 9, evidence: closure, certificate: this.#welcome.issuer }, 0);
  }
}

/** Shows a load to the purse that requested it. */
export function takeLoad({ payment, issuer }: LoadReply, request: Bytes): Command {
  return { kind: 6, payment, certificate: issuer, request, wantReceipt: false };
}
