import {
  type Bytes,
  decodePurseCertificate,
  decodeSigned,
  encodeSigned,
  GENESIS,
  NO_EXTERNAL,
  type Payment,
  payment as paymentCodec,
  requestDigest,
  unwrap,
} from '@tallystick/protocol';
import type { Command } from '@tallystick/trusted-app';
import {
  DAY,
  load,
  personalised,
  START,
  type Signer,
  type TestPurse,
  type TestScheme,
} from '@tallystick/trusted-app/testing';
import type { Arena } from '../arena.ts';
import { Purse } from '../purse.ts';

/** What a list or a policy says, where it differs from the scheme's first one. */
export type ListChange = NonNullable<Parameters<TestScheme['signList']>[0]>;
export type PolicyChange = NonNullable<Parameters<TestScheme['signPolicy']>[0]>;

/** A payer whose key its owner has taken out: it signs whatever it is told to. */
export function brokenPayer(
  { scheme }: Arena,
  label: string,
  change: NonNullable<Parameters<typeof personalised>[3]> = {},
): TestPurse {
  const [, participant] = scheme.participants;
  const payer = personalised(scheme, participant, label, change);
  load(payer, participant, MONEY);
  return payer;
}

const MONEY = 100n;

/** A purse in the environment that is attacked, with a key but no certificate. */
export async function blankPurse(arena: Arena): Promise<Purse> {
  const device = arena.device();
  return new Purse(device, arena.scheme.participants[0], unwrap(await device.open()));
}

/** What a payment for a purse says, whoever is to sign it. */
export function paymentFor(payee: Purse, change: Partial<Payment> = {}): Payment {
  return {
    seq: 3,
    head: GENESIS,
    payee: decodePurseCertificate(payee.certificate).ref,
    value: { kind: 1, currency: 978, amount: 10n, hop: 1 },
    syncedAt: START,
    acceptMinutes: 60,
    ...change,
  };
}

/** A payment that a broken payer signs without any rule, under whatever certificate of its key. */
export function forgedPayment(
  payer: TestPurse,
  certificate: Bytes,
  payment: Payment,
  request: Bytes,
): Bytes {
  return payer.forge(certificate, paymentCodec.encode(payment), requestDigest(request));
}

export function showing(payment: Bytes, certificate: Bytes, request: Bytes): Command {
  return { kind: 6, payment, certificate, request, wantReceipt: true };
}

export function adopting(policy: Bytes): Command {
  return { kind: 13, policy };
}

export function importing(list: Bytes, { certificate }: Pick<Signer, 'certificate'>): Command {
  return { kind: 14, list, certificate };
}

/** The scheme's own next list, for a purse to import. */
export function genuineList({ scheme }: Arena, change: ListChange): Command {
  return importing(scheme.signList(change), scheme.operator);
}

/** Lets a purse know an issuer's time, as it does with every list: its floor is then there. */
export async function tellTime(arena: Arena, purse: Purse, time: number): Promise<void> {
  await purse.get(genuineList(arena, { version: 2, issuedAt: time }), 0);
}

/** The same signature, under the name of another signer. */
export function underName(message: Bytes, kid: Bytes, form: { readonly typ?: string } = {}): Bytes {
  return encodeSigned({ ...decodeSigned(message, NO_EXTERNAL, form), kid });
}

/** The same message with one bit of its signature changed, which ends it. */
export function spoilt(message: Bytes): Bytes {
  return message.with(message.length - 1, (message.at(-1) ?? 0) ^ 1);
}

/** What a payee takes at most from one payer between two syncs of its own. */
export function payerCap({ scheme }: Arena): bigint {
  return scheme.policy.tiers.find(({ tier }) => tier === 1)?.payerCap ?? 0n;
}

/** Days after the scheme's start, in issuer time. */
export function day(count: number): number {
  return START + count * DAY;
}
