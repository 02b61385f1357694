import {
  type Algorithm,
  attempt,
  type Bytes,
  checkEnrolment,
  type Checking,
  decodeFrame,
  decodePurseCertificate,
  type Enrolment,
  type Frame,
  type Policy,
  publicKey,
  type PurseCertificate,
  runChecking,
  type Seconds,
} from '@tallystick/protocol';
import { nativeVerifier } from '@tallystick/tre/plain-process';
import { START, type TestScheme } from '@tallystick/trusted-app/testing';
import { ORDER, type Order, type Report } from '../pipe/messages.ts';
import { type Certified, Issuer } from './issuer.ts';
import type { Iut } from './iut.ts';
import { expectThat, Violation } from './violation.ts';

const verify = nativeVerifier(256);
export const CHALLENGE: Bytes = new Uint8Array(32).fill(7);

/** How the purse under test is set up. */
export type StartOptions = Certified & {
  readonly pin?: Bytes;
  readonly policy?: Partial<Policy>;
};

/** What a report says of frames: those that came, and the code of a refusal. */
export interface Answer {
  readonly code: string | null;
  readonly frames: readonly Frame[];
}

/** Where one case is played: the program under test with a fresh purse, and its scheme. */
export class Rig {
  readonly iut: Iut;
  readonly folder: string;
  #issuer: Issuer;
  #certificate: Bytes | null = null;

  constructor(iut: Iut, scheme: TestScheme, folder: string) {
    this.iut = iut;
    this.folder = folder;
    this.#issuer = new Issuer(scheme);
  }

  get issuer(): Issuer {
    return this.#issuer;
  }

  /** The certificate that the purse under test was given last. */
  get certificate(): Bytes {
    if (this.#certificate === null) throw new Error('the purse is not enrolled');
    return this.#certificate;
  }

  get own(): PurseCertificate {
    return decodePurseCertificate(this.certificate);
  }

  /** Opens an empty folder and enrols. */
  async start({ pin, policy, ...certified }: StartOptions = {}): Promise<void> {
    const enrolment = await this.enrolment(pin, policy);
    const { alg, key } = enrolment;
    const certificate = this.issuer.certify(publicKey(alg, key), certified);
    await this.done({ kind: ORDER.reply, body: this.issuer.welcome(certificate) });
    this.#certificate = certificate;
  }

  /** Opens an empty folder, and has a key enrolled as far as its enrolment (TS-ENR-1). */
  async enrolment(pin: Bytes | null = null, policy: Partial<Policy> = {}): Promise<Enrolment> {
    this.#issuer = new Issuer(this.issuer.scheme, policy);
    await this.iut.open(this.folder);
    await this.clock(START);
    const out = await this.done({ kind: ORDER.enrol, challenge: CHALLENGE, pin });
    const enrolment = this.verified('an enrolment signed by its key', out[0], checkEnrolment);
    this.issuer.register(enrolment.measurement);
    return enrolment;
  }

  /** Takes a certificate into account that the purse was given by a case. */
  certified(certificate: Bytes): void {
    this.#certificate = certificate;
  }

  async clock(time: Seconds): Promise<void> {
    await this.done({ kind: ORDER.clock, time });
  }

  /** Has an order carried out that must not be refused; what came of it. */
  async done(order: Order): Promise<readonly Bytes[]> {
    const report = await this.iut.order(order);
    const seen = report.kind === 1 ? `refused with ${report.code}` : 'another report';
    expectThat(report.kind === 0, 'that it is done', seen);
    return report.out;
  }

  /** The code an order is refused with, or null where it is done. */
  async codeOf(order: Order): Promise<string | null> {
    const report = await this.iut.order(order);
    return report.kind === 1 ? report.code : null;
  }

  /** Frames of an answer, each of which must read (TS-SES-1). */
  answer(report: Report): Answer {
    const out = report.kind === 2 ? [] : report.out;
    const frames = out.map((bytes) => {
      const frame = attempt(() => decodeFrame(bytes));
      if (frame.ok) return frame.value;
      throw new Violation('a frame that reads (TS-SES-1)', frame.error.message, bytes);
    });
    const refusal = frames.find((frame) => frame.kind === 8);
    const code = report.kind === 1 ? report.code : (refusal?.code ?? null);
    return { code, frames };
  }

  async deliver(frame: Bytes): Promise<Answer> {
    return this.answer(await this.iut.order({ kind: ORDER.deliver, frame }));
  }

  async end(): Promise<Answer> {
    return this.answer(await this.iut.order({ kind: ORDER.end }));
  }

  async pay(
    offer: Bytes,
    choice: {
      readonly amount?: bigint;
      readonly despiteDoubt?: boolean;
      readonly pin?: Bytes;
    } = {},
  ): Promise<Answer> {
    const { amount = null, despiteDoubt = false, pin = null } = choice;
    return this.answer(await this.iut.order({ kind: ORDER.pay, offer, amount, despiteDoubt, pin }));
  }

  async ask(paymentId: Bytes, voidIt: boolean): Promise<Answer> {
    return this.answer(await this.iut.order({ kind: ORDER.ask, paymentId, voidIt }));
  }

  /** Hands signed data of the scheme over; the code of its refusal, or null. */
  adopt(
    what: 'policy' | 'list' | 'reset',
    message: Bytes,
    certificate?: Bytes,
  ): Promise<string | null> {
    const kinds = { policy: 0, list: 1, reset: 2 } as const;
    const signer = certificate ?? this.issuer.scheme.operator.certificate;
    return this.codeOf({
      kind: ORDER.adopt,
      what: kinds[what],
      message,
      certificate: what === 'list' ? signer : new Uint8Array(0),
    });
  }

  /** Has a newer list taken in, which must be. */
  async tellList(change: Parameters<Issuer['nextList']>[0]): Promise<void> {
    const code = await this.adopt('list', this.issuer.nextList(change));
    expectThat(code === null, 'that a newer list is taken (TS-LST-3)', `refused with ${code}`);
  }

  async state(): Promise<{ readonly balance: bigint; readonly inDoubt: readonly Bytes[] }> {
    const report = await this.iut.order({ kind: ORDER.state });
    expectThat(report.kind === 2, 'its state (TS-CNF-4)', 'another report');
    return report;
  }

  async expectBalance(wanted: bigint, when: string): Promise<void> {
    const { balance } = await this.state();
    expectThat(balance === wanted, `a balance of ${wanted} ${when}`, `${balance}`);
  }

  /** A load of that amount, answered honestly. */
  async load(amount: bigint): Promise<void> {
    const request = await this.askForLoad(amount);
    const body = this.issuer.load(request, this.certificate, amount);
    await this.done({ kind: ORDER.reply, body });
  }

  /** The signed request of a load. */
  async askForLoad(amount: bigint): Promise<Bytes> {
    const [request] = await this.done({ kind: ORDER.load, amount });
    expectThat(request !== undefined, 'a request for a load', 'nothing');
    return request;
  }

  /** What a check makes of a message of the program, every signature verified. */
  verified<T>(what: string, bytes: Bytes | undefined, check: (bytes: Bytes) => Checking<T>): T {
    expectThat(bytes !== undefined, what, 'nothing');
    const result = attempt(() => runChecking(check(bytes), verify));
    if (result.ok) return result.value;
    throw new Violation(what, `${result.error.code}: ${result.error.message}`, bytes);
  }

  /** Starts a renewal; the renewal request as it was sent. */
  async renewal(alg: Algorithm): Promise<Bytes> {
    const [request] = await this.done({ kind: ORDER.renew, challenge: CHALLENGE, alg });
    expectThat(request !== undefined, 'a renewal request', 'nothing');
    return request;
  }
}
