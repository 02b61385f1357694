import { type Bytes, equal } from '@tallystick/protocol';
import type { TestPurse } from '@tallystick/trusted-app/testing';
import type { Bench } from './bench.ts';
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
export function payerWith(bench: Bench, amount: bigint, label = 'payer'): TestPurse {
  const payer = counterpart(bench, label);
  fund(bench, payer, amount);
  return payer;
}

/** Has the purse under test receive an honest payment, which it must. */
export async function receive(
  bench: Bench,
  amount: bigint,
  payer: TestPurse = payerWith(bench, amount),
): Promise<Received> {
  const offer = await offered(bench, amount);
  const paid = payFrom(payer, offer);
  const answer = await bench.deliver(payFrame(paid, payer.certificate));
  const receipt = expectReceipt(bench, answer, offer, paid);
  return { ...paid, payer, offer, receipt };
}

/** That the same receipt answers again. */
export function expectSame(again: Bytes, before: Bytes, what: string): void {
  expectThat(equal(again, before), `${what}: the very same record`, 'another record');
}

/** What a case does with an offer of the purse under test. */
export interface Attempted {
  readonly bench: Bench;
  readonly offer: Offered;
}

/** An attempt that must be refused with a code, and must not move money. */
export function refusing(
  code: string,
  make: (of: Attempted) => Bytes,
  amount: bigint | null = 1_000n,
): (bench: Bench) => Promise<void> {
  return async (bench) => {
    await bench.start();
    const offer = await offered(bench, amount);
    await unmoved(bench, async () => {
      expectRefused(await bench.deliver(make({ bench, offer })), code);
    });
  };
}

/**
 * A damaged frame: it may be passed over or refused, but nothing must come of it, and an honest payment
 * after it must go through.
 */
export function passingOver(make: (of: Attempted) => Bytes): (bench: Bench) => Promise<void> {
  return async (bench) => {
    await bench.start();
    const payer = payerWith(bench, 1_000n);
    const offer = await offered(bench, 1_000n);
    await unmoved(bench, async () => {
      expectNoFrame(await bench.deliver(make({ bench, offer })), 2, 3, 5);
    });
    const paid = payFrom(payer, offer);
    const answer = await bench.deliver(payFrame(paid, payer.certificate));
    expectReceipt(bench, answer, offer, paid);
    await bench.expectBalance(1_000n, 'after an honest payment behind it');
  };
}

/** A payment that is right in all but what a case changes, by a counterpart. */
export function forgedFrame(
  { bench, offer }: Attempted,
  change: Parameters<typeof forgePayment>[2],
  payer: TestPurse = counterpart(bench, 'payer'),
): Bytes {
  return payFrame(forgePayment(payer, offer, change), payer.certificate);
}
