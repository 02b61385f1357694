import { DAY, policyChange, START } from '@tallystick/trusted-app/testing';
import { describe, expect, test } from 'vitest';
import { Customer, demandOk } from './testing/customer.ts';
import { balanceOf } from './testing/world.ts';

/** Caps and windows of an emergency, signed by the root of everybody's world. */
function poster({ world }: Customer, version = 2): Uint8Array {
  const tier = { paymentMax: 500n, payerCap: 800n, offlineSeconds: 21 * DAY };
  const change = { version, emergency: true, staleSeconds: 21 * DAY, issuedAt: START + 5 * DAY };
  return world.backend.scheme.signPolicy(policyChange(tier, change));
}

/** Two customers whose network went away eight days ago. */
async function cutOff(): Promise<{ readonly ada: Customer; readonly bo: Customer }> {
  const ada = await Customer.with('ada', 5_000n);
  const bo = await Customer.with('bo', 0n, ada.world, { participant: 1 });
  ada.network.loss = () => 'request';
  bo.network.loss = () => 'request';
  ada.world.pass(8 * DAY);
  return { ada, bo };
}

describe('eight days without network', () => {
  test('nobody can pay under the normal policy', async () => {
    const { ada, bo } = await cutOff();
    expect(await ada.pay(bo, 100n)).toBe('OFFLINE_TOO_LONG');
  });

  test('under the policy off a poster they pay, within its lower caps', async () => {
    const { ada, bo } = await cutOff();
    for (const each of [ada, bo]) demandOk(await each.wallet.adoptPolicy(poster(each)));
    expect(await ada.pay(bo, 501n)).toBe('OVER_PAYMENT_LIMIT');
    expect(await ada.pay(bo, 500n)).toBe('paid');
    expect(await balanceOf(bo.device)).toBe(500n);
    // More than the payee takes of one payer: it voids, and the money is the payer's again.
    expect(await ada.pay(bo, 301n)).toBe('takenBack');
    expect(await balanceOf(ada.device)).toBe(4_500n);
  });

  test('an older policy, and one that the root did not sign, change nothing', async () => {
    const { ada } = await cutOff();
    demandOk(await ada.wallet.adoptPolicy(poster(ada, 3)));
    expect(await ada.wallet.adoptPolicy(poster(ada, 2))).toMatchObject({
      error: { code: 'STALE' },
    });
    const forged = poster(ada, 4).map((byte, at, all) => (at === all.length - 1 ? byte ^ 1 : byte));
    expect(await ada.wallet.adoptPolicy(forged)).toMatchObject({
      error: { code: 'BAD_SIGNATURE' },
    });
  });

  test('a store that is full is a failure, not an exception', async () => {
    const { ada } = await cutOff();
    ada.device.store.put = () => Promise.reject(new Error('no space is left'));
    expect(await ada.wallet.adoptPolicy(poster(ada))).toMatchObject({
      error: { code: 'STORE_FAILED' },
    });
  });
});
