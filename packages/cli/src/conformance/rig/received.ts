import { type Bytes, equal } from '@tallystick/protocol';
import type { TestPurse } from '@tallystick/trusted-app/testing';
import type { Rig } from './rig.ts';
import {
  counterpart,
  expectReceipt,
  forgePayment,
  fund,
  type Made,
  payFrame,
  payFrom,
} from './counterpart.ts';
import { expectNoFrame, expectRefused, unmoved } from './expect.ts';
import { offered, type Offered } from './offered.ts';
import { expectThat } from './violation.ts';

/** A payment that the purse under test has accepted. */
export interface Received extends Made {
  readonly payer: TestPurse;
  readonly offer: Offered;
  /** Record id of the receipt. */
  readonly receipt: Bytes;
}

/** A counterpart with money. */
export function payerWith(rig: Rig, amount: bigint, label = 'payer'): TestPurse {
  const payer = counterpart(rig, label);
  fund(rig, payer, amount);
  return payer;
}

/** Has the purse under test receive an honest payment, which it must. */
export async function receive(
  rig: Rig,
  amount: bigint,
  payer: TestPurse = payerWith(rig, amount),
): Promise<Received> {
  const offer = await offered(rig, amount);
  const paid = payFrom(payer, offer);
  const answer = await rig.deliver(payFrame(paid, payer.certificate));
  const receipt = expectReceipt(rig, answer, offer, paid);
  return { ...paid, payer, offer, receipt };
}

/** That the same receipt answers again. */
export function expectSame(again: Bytes, before: Bytes, what: string): void {
  expectThat(equal(again, before), `${what}: the very same record`, 'another record');
}

/** What a case does with an offer of the purse under test. */
export interface Attempted {
  readonly rig: Rig;
  readonly offer: Offered;
}

/** An attempt that must be refused with a code, and must not move money. */
export function refusing(
  code: string,
  make: (of: Attempted) => Bytes,
  amount: bigint | null = 1_000n,
): (rig: Rig) => Promise<void> {
  return async (rig) => {
    await rig.start();
    const offer = await offered(rig, amount);
    await unmoved(rig, async () => {
      expectRefused(await rig.deliver(make({ rig, offer })), code);
    });
  };
}

/**
 * A damaged frame: it may be passed over or refused, but nothing must come of it, and an honest payment
 * after it must go through.
 */
export function passingOver(make: (of: Attempted) => Bytes): (rig: Rig) => Promise<void> {
  return async (rig) => {
    await rig.start();
    const payer = payerWith(rig, 1_000n);
    const offer = await offered(rig, 1_000n);
    await unmoved(rig, async () => {
      expectNoFrame(await rig.deliver(make({ rig, offer })), 2, 3, 5);
    });
    const paid = payFrom(payer, offer);
    const answer = await rig.deliver(payFrame(paid, payer.certificate));
    expectReceipt(rig, answer, offer, paid);
    await rig.expectBalance(1_000n, 'after an honest payment behind it');
  };
}

/** A payment that is right in all but what a case changes, by a counterpart. */
export function forgedFrame(
  { rig, offer }: Attempted,
  change: Parameters<typeof forgePayment>[2],
  payer: TestPurse = counterpart(rig, 'payer'),
): Bytes {
  return payFrame(forgePayment(payer, offer, change), payer.certificate);
}
