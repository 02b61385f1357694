import type { Bytes } from '@tallystick/protocol';
import type { Command } from '@tallystick/trusted-app';
import type { Purse } from '../purse.ts';

/** A payment on its way, as whoever stands between two devices can copy it. */
export interface Tap {
  readonly payer: Purse;
  readonly payee: Purse;
  readonly request: Bytes;
  readonly payment: Bytes;
  readonly id: Bytes;
}

/** The payee asks and the payer pays; nothing has reached the payee yet. */
export async function tap(payer: Purse, payee: Purse, amount: bigint): Promise<Tap> {
  const request = await payee.request(amount);
  const { message, id } = await payer.pay(request, payee);
  return { payer, payee, request, payment: message, id };
}

/** The command that presents a payment for acceptance, with the certificate it is said to be signed under. */
export function receiving(payment: Bytes, request: Bytes, certificate: Bytes): Command {
  return { kind: 6, payment, certificate, request, wantReceipt: true };
}

/** The command that presents a payment as it was made. */
export function presenting({ payment, request, payer }: Tap): Command {
  return receiving(payment, request, payer.certificate);
}

/** The command that asks the payee never to accept a payment. */
export function voiding({ payment, request, payer }: Tap): Command {
  return { kind: 7, payment, certificate: payer.certificate, request };
}

/** What purses hold together. */
export async function moneyOf(...purses: readonly Purse[]): Promise<bigint> {
  let sum = 0n;
  for (const purse of purses) sum += (await purse.status()).balance;
  return sum;
}
