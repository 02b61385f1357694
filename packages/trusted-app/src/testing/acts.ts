import type { Bytes, Seconds } from '@tallystick/protocol';
import type { Command } from '../command.ts';
import type { Answer, Message, StatementReply } from '../reply.ts';
import type { TestDevice } from './device.ts';
import type { TestPurse } from './personalised.ts';
import { START, type TestParticipant } from './scheme.ts';

/** What people and wallets do with test purses, one command each or a few. */

type Asked = Partial<Extract<Command, { kind: 4 }>>;
type Paid = Partial<Extract<Command, { kind: 5 }>>;

export function askCommand(amount: bigint | null, change: Asked = {}): Command {
  return { kind: 4, currency: 978, amount, expires: START + 600, isStatic: false, ...change };
}

/** The payee's signed request. */
export function ask(payee: TestDevice, amount: bigint | null, change: Asked = {}): Bytes {
  return payee.get(askCommand(amount, change), 1).message;
}

export function payCommand(request: Bytes, certificate: Bytes, change: Paid = {}): Command {
  const choices = { amount: null, pin: null, assertHolder: false, despiteDoubt: false };
  return { kind: 5, request, certificate, ...choices, ...change };
}

/** A payment on its way: all that either side keeps of it. */
export interface Tap {
  readonly payer: TestPurse;
  readonly payee: TestPurse;
  readonly request: Bytes;
  readonly payment: Bytes;
  readonly id: Bytes;
  /** Certificates that payer and payee used. */
  readonly payerCertificate: Bytes;
  readonly payeeCertificate: Bytes;
}

/** The payee asks and the payer pays; nobody has told the payee yet. */
export function tap(payer: TestPurse, payee: TestPurse, amount: bigint, change: Paid = {}): Tap {
  const request = ask(payee, amount);
  const payeeCertificate = payee.get({ kind: 1 }, 3).certificate;
  const payerCertificate = payer.get({ kind: 1 }, 3).certificate;
  const paid: Message = payer.get(payCommand(request, payeeCertificate, change), 1);
  const certificates = { payerCertificate, payeeCertificate };
  return { payer, payee, request, payment: paid.message, id: paid.id, ...certificates };
}

export function receiveCommand(of: Tap, wantReceipt = true): Command {
  const { payment, request, payerCertificate: certificate } = of;
  return { kind: 6, payment, certificate, request, wantReceipt };
}

export function voidCommand({ payment, request, payerCertificate }: Tap): Command {
  return { kind: 7, payment, certificate: payerCertificate, request };
}

export function settleCommand({ payeeCertificate }: Tap, { message }: Answer): Command {
  return { kind: 8, receipt: message ?? new Uint8Array(0), certificate: payeeCertificate };
}

export function restoreCommand({ payeeCertificate }: Tap, { message }: Answer): Command {
  return { kind: 9, evidence: message ?? new Uint8Array(0), certificate: payeeCertificate };
}

/** A whole payment: request, payment, receipt, and the receipt noted. */
export function transfer(payer: TestPurse, payee: TestPurse, amount: bigint): Tap {
  const tapped = tap(payer, payee, amount);
  const answer = payee.get(receiveCommand(tapped), 6);
  payer.get(settleCommand(tapped, answer), 0);
  return tapped;
}

export function loadCommand(
  device: TestPurse,
  participant: TestParticipant,
  amount: bigint,
): Command {
  const request = ask(device, amount);
  const payment = participant.load(request, device.get({ kind: 1 }, 3).certificate, amount);
  const { certificate } = participant.issuer;
  return { kind: 6, payment, certificate, request, wantReceipt: true };
}

/** Money from the issuer. */
export function load(device: TestPurse, participant: TestParticipant, amount: bigint): void {
  device.get(loadCommand(device, participant, amount), 6);
}

export interface SyncChoices {
  readonly time?: Seconds;
  readonly ackedTo?: number;
  readonly epoch?: number;
  readonly settled?: readonly Bytes[];
}

/** The issuer's answer to a statement, as a command: everything is acknowledged unless it says otherwise. */
export function answerCommand(
  device: TestDevice,
  participant: TestParticipant,
  { id, to }: StatementReply,
  choices: SyncChoices = {},
): Command {
  const { time = START, ackedTo = to, epoch = device.purse.epoch + 1, settled = [] } = choices;
  const answer = participant.answer(id, ackedTo, epoch, time, settled);
  return { kind: 12, answer, certificate: participant.issuer.certificate };
}

/** States the log and imports the issuer's answer. */
export function sync(
  device: TestDevice,
  participant: TestParticipant,
  choices: SyncChoices = {},
): StatementReply {
  const statement = device.get({ kind: 11 }, 4);
  device.get(answerCommand(device, participant, statement, choices), 0);
  return statement;
}

export function balance(device: TestDevice): bigint {
  return device.get({ kind: 1 }, 3).balance;
}
