import {
  type Algorithm,
  type Bytes,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  ES256,
  enrolment,
  type PublicKey,
  publicKey,
  type Result,
  toHex,
  unwrap,
} from '@tallystick/protocol';
import {
  type Answer,
  type Command,
  encodeCommand,
  type Failed,
  type Message,
  readReply,
  type Reply,
  type StatementReply,
  type Status,
} from '@tallystick/trusted-app';
import { START, type TestParticipant, type TestScheme } from '@tallystick/trusted-app/testing';
import type { Element } from '../port.ts';
import { must, mustEqual, type Specimen } from './check.ts';

type Good = Exclude<Reply, Failed>;

/** A purse in a specimen, and the commands that checks give it. */
export class ExaminedPurse {
  readonly specimen: Specimen;
  readonly participant: TestParticipant;
  element: Element;
  certificate: Bytes = new Uint8Array(0);

  constructor(specimen: Specimen, participant: TestParticipant, element: Element) {
    this.specimen = specimen;
    this.participant = participant;
    this.element = element;
  }

  async run(command: Command): Promise<Result<Good>> {
    return readReply(await this.element.execute(encodeCommand(command)));
  }

  /** Runs a command that must be answered with a reply of this kind. */
  async get<K extends Good['kind']>(
    command: Command,
    kind: K,
  ): Promise<Extract<Good, { kind: K }>> {
    const result = await this.run(command);
    must(result.ok, `command ${command.kind} was refused: ${result.ok ? '' : result.error.code}`);
    mustEqual<number>(result.value.kind, kind, `the reply to command ${command.kind}`);
    return result.value as Extract<Good, { kind: K }>;
  }

  /** Closes the element, and opens what it left. */
  async reopen(): Promise<void> {
    await this.element.close();
    await this.open();
  }

  /** Opens what a loss of power left. */
  async open(): Promise<void> {
    this.element = unwrap(await this.specimen.open());
  }

  /** Makes the key; returns its public half, as its enrolment states it. */
  async prepare(alg: Algorithm = ES256, pin: Bytes | null = null): Promise<PublicKey> {
    const { enrolment: bytes } = await this.get({ kind: 2, alg, challenge: CHALLENGE, pin }, 2);
    return enrolledKey(bytes);
  }

  personalisation(scheme: TestScheme, certificate: Bytes): Command {
    return {
      kind: 3,
      scheme: scheme.anchor.scheme,
      rootAlgorithm: scheme.anchor.key.alg,
      rootKey: scheme.anchor.key.bytes,
      authorities: scheme.authorities,
      certificate,
      policy: scheme.signPolicy(),
      list: scheme.signList(),
      operator: scheme.operator.certificate,
    };
  }

  status(): Promise<Status> {
    return this.get({ kind: 1 }, 3);
  }

  async request(amount: bigint, expires: number = START + 600): Promise<Bytes> {
    const command = { kind: 4, currency: 978, amount, expires, isStatic: false } as const;
    return (await this.get(command, 1)).message;
  }

  /** Loads money at an issuer whose clock shows this time. */
  async load(amount: bigint, time: number = START): Promise<void> {
    const request = await this.request(amount);
    const payment = this.participant.load(request, this.certificate, amount, { syncedAt: time });
    const { certificate } = this.participant.issuer;
    await this.get({ kind: 6, payment, certificate, request, wantReceipt: false }, 6);
  }

  paying(request: Bytes, payee: ExaminedPurse, pin: Bytes | null = null): Command {
    return {
      kind: 5,
      request,
      certificate: payee.certificate,
      amount: null,
      pin,
      assertHolder: false,
      despiteDoubt: true,
    };
  }

  pay(request: Bytes, payee: ExaminedPurse, pin: Bytes | null = null): Promise<Message> {
    return this.get(this.paying(request, payee, pin), 1);
  }

  receiving(payment: Bytes, request: Bytes, payer: ExaminedPurse): Command {
    const { certificate } = payer;
    return { kind: 6, payment, certificate, request, wantReceipt: true };
  }

  receive(payment: Bytes, request: Bytes, payer: ExaminedPurse): Promise<Answer> {
    return this.get(this.receiving(payment, request, payer), 6);
  }

  state(): Promise<StatementReply> {
    return this.get({ kind: 11 }, 4);
  }

  /** Syncs with an issuer that acknowledges the whole log. */
  async sync(epoch: number, time: number): Promise<void> {
    const { id, to } = await this.state();
    const answer = this.participant.answer(id, to, epoch, time);
    const { certificate } = this.participant.issuer;
    await this.get({ kind: 12, answer, certificate }, 0);
  }

  /** The key its certificate names. */
  get key(): PublicKey {
    return decodePurseCertificate(this.certificate).key;
  }
}

export const CHALLENGE: Bytes = new Uint8Array(32).fill(7);

/** The key that an enrolment asks a certificate for. */
export function enrolledKey(bytes: Bytes): PublicKey {
  const { alg, key } = decodePayload(decodeSigned(bytes).payload, enrolment, 'enrolment');
  return publicKey(alg, key);
}

/** A status as one text, for comparing two. */
export function statusText(status: Status): string {
  return JSON.stringify(status, (_, value: unknown) => {
    if (value instanceof Uint8Array) return toHex(value);
    return typeof value === 'bigint' ? String(value) : value;
  });
}
