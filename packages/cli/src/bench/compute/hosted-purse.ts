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
import { type Element, openElement } from '@tallystick/tre';
import { type Command, encodeCommand, readReply, type Reply } from '@tallystick/trusted-app';
import { type Counts, countingHost } from './counting-host.ts';
import { enrolAt, newestMeasurement, type Office, valueOf } from '../office.ts';
import {
  type Belongings,
  type Engine,
  hostOf,
  newBelongings,
  pack,
  type Packed,
} from './packed.ts';

type Success = Exclude<Reply, { kind: 7 }>;

/** A request of a benchmark is answered at once. */
const REQUEST_SECONDS = 600;

/** A purse with the real trusted application, at a backend without a network between. */
export class HostedPurse {
  readonly #element: Element;
  readonly #office: Office;
  /** What another thread would open it on, where that is possible. */
  readonly #belongings: Belongings | null;
  /** Signatures so far. */
  readonly counts: Readonly<Counts>;
  certificate: Bytes = new Uint8Array(0);

  private constructor(
    element: Element,
    office: Office,
    belongings: Belongings | null,
    counts: Counts,
  ) {
    this.#element = element;
    this.#office = office;
    this.#belongings = belongings;
    this.counts = counts;
  }

  /** A purse that is enrolled and loaded, in minor units; its storage is in memory. */
  static async open(office: Office, engine: Engine, amount: bigint): Promise<HostedPurse> {
    const { clock } = office;
    const measurement = await newestMeasurement(office);
    const identity = { environment: 'plain-process', measurement };
    const belongings = newBelongings(engine, identity);
    const random = (length: number): Bytes => Uint8Array.from(randomBytes(length));
    const counts = { made: 0, verified: 0 };
    const host = countingHost(hostOf(belongings, random, clock), counts);
    const element = unwrap(await openElement(host, identity));
    const purse = new HostedPurse(element, office, belongings, counts);
    await purse.#begin(amount);
    return purse;
  }

  /** A purse in an element that is blank, enrolled and loaded. */
  static async around(element: Element, office: Office, amount: bigint): Promise<HostedPurse> {
    const purse = new HostedPurse(element, office, null, { made: 0, verified: 0 });
    await purse.#begin(amount);
    return purse;
  }

  /** The purse that an element holds already, with its certificate. */
  static of(element: Element, office: Office, certificate: Bytes): HostedPurse {
    const purse = new HostedPurse(element, office, null, { made: 0, verified: 0 });
    purse.certificate = certificate;
    return purse;
  }

  async #begin(amount: bigint): Promise<void> {
    const welcome = await enrolAt(this.#office, amount, async (challenge) => {
      const prepared = await this.run({ kind: 2, alg: ES256, challenge, pin: null }, 2);
      return prepared.enrolment;
    });
    await this.run({ kind: 3, ...welcome }, 0);
    this.certificate = welcome.certificate;
    await this.#load(amount);
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
    return (await this.run(payCommand(request, certificate), 1)).message;
  }

  /** The receipt. */
  async receive(payment: Bytes, certificate: Bytes, request: Bytes): Promise<Bytes> {
    const { message } = await this.run(receiveCommand(payment, certificate, request), 6);
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

  /** Closes it, and gives what another thread needs to open it again. */
  async pack(): Promise<Packed> {
    if (this.#belongings === null) throw new Error('its storage is not in memory');
    await this.close();
    return pack(this.#belongings);
  }
}

/** Pays a request in full, asking nobody. */
export function payCommand(request: Bytes, certificate: Bytes): Command {
  const holder = { pin: null, assertHolder: false, despiteDoubt: true };
  return { kind: 5, request, certificate, amount: null, ...holder };
}

/** Receives a payment, and wants a receipt. */
export function receiveCommand(payment: Bytes, certificate: Bytes, request: Bytes): Command {
  return { kind: 6, payment, certificate, request, wantReceipt: true };
}
