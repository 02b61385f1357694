import { randomBytes } from 'node:crypto';
import {
  type Bytes,
  decodeBody,
  decodeReply,
  encodeUpload,
  ES256,
  loadReply,
  unwrap,
} from '@tallystick/protocol';
import { type Element, emptyDisk, memoryHost, openElement } from '@tallystick/tre';
import { nativeVerifier } from '@tallystick/tre/plain-process';
import { type Command, encodeCommand, readReply, type Reply } from '@tallystick/trusted-app';
import { nativeHost } from './native-host.ts';
import { enrolAt, type Office, plainMeasurement, valueOf } from './office.ts';

/** Who does the arithmetic of signatures. */
export type Engine = 'native' | 'js';

type Success = Exclude<Reply, { kind: 7 }>;

const KEYS_MAX = 64;
/** A request of a benchmark is answered at once. */
const REQUEST_SECONDS = 600;

/** A purse with the real trusted application, its storage in memory: what is timed is computing. */
export class HostedPurse {
  readonly #element: Element;
  readonly #office: Office;
  certificate: Bytes = new Uint8Array(0);

  private constructor(element: Element, office: Office) {
    this.#element = element;
    this.#office = office;
  }

  /** A purse that is enrolled and loaded, in minor units. */
  static async open(office: Office, engine: Engine, amount: bigint): Promise<HostedPurse> {
    const { scheme, clock } = office;
    const memory = memoryHost({
      disk: emptyDisk(),
      random: (length) => Uint8Array.from(randomBytes(length)),
      clock,
    });
    const host = engine === 'native' ? nativeHost(memory, nativeVerifier(KEYS_MAX)) : memory;
    const identity = {
      environment: 'plain-process',
      measurement: plainMeasurement(scheme),
    };
    const purse = new HostedPurse(unwrap(await openElement(host, identity)), office);
    const welcome = await enrolAt(office, amount, async (challenge) => {
      const prepared = await purse.run({ kind: 2, alg: ES256, challenge, pin: null }, 2);
      return prepared.enrolment;
    });
    await purse.run({ kind: 3, ...welcome }, 0);
    purse.certificate = welcome.certificate;
    await purse.#load(amount);
    return purse;
  }

  async #load(amount: bigint): Promise<void> {
    const request = await this.request(amount);
    const body = valueOf(await this.#office.backend.load(request));
    const { payment, issuer } = decodeBody(loadReply, body);
    await this.receive(payment, issuer, request);
  }

  async request(amount: bigint | null): Promise<Bytes> {
    const { scheme, clock } = this.#office;
    const expires = clock() + REQUEST_SECONDS;
    const asked = { currency: scheme.currency, amount, expires, isStatic: false };
    return (await this.run({ kind: 4, ...asked }, 1)).message;
  }

  async pay(request: Bytes, certificate: Bytes): Promise<Bytes> {
    const holder = { pin: null, assertHolder: false, despiteDoubt: true };
    const paid = await this.run({ kind: 5, request, certificate, amount: null, ...holder }, 1);
    return paid.message;
  }

  /** The receipt. */
  async receive(payment: Bytes, certificate: Bytes, request: Bytes): Promise<Bytes> {
    const presented = { payment, certificate, request, wantReceipt: true };
    const { message } = await this.run({ kind: 6, ...presented }, 6);
    if (message === null) throw new Error('a receipt was wanted');
    return message;
  }

  /** States the log to the backend; the statement, and the backend's answer to it. */
  async sync(): Promise<{ readonly statement: Bytes; readonly answer: Bytes }> {
    const { statement, from, to } = await this.run({ kind: 11 }, 4);
    const entries = await this.#element.readLog(from, to);
    const upload = encodeUpload({ statement, entries, proofs: [] });
    const { answer } = decodeReply(valueOf(await this.#office.backend.sync(upload)));
    return { statement, answer };
  }

  /** Runs a command that must succeed with a reply of this kind. */
  async run<K extends Success['kind']>(
    command: Command,
    kind: K,
  ): Promise<Extract<Success, { kind: K }>> {
    const reply = unwrap(readReply(await this.#element.execute(encodeCommand(command))));
    if (reply.kind !== kind) throw new Error(`a reply of kind ${reply.kind}, not ${kind}`);
    return reply as Extract<Success, { kind: K }>;
  }

  close(): Promise<void> {
    return this.#element.close();
  }
}
