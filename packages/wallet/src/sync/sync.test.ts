import { describe, expect, test } from 'vitest';
import type { WalletResult } from '../failure.ts';
import { Customer } from '../testing/customer.ts';
import { statusOf } from '../testing/world.ts';
import type { Wallet } from '../wallet.ts';
import type { EnrolOrder } from './enrol.ts';

const ORDER: EnrolOrder = { participant: 'ALPHSESS', account: 'ada' };

interface Deed {
  readonly run: (wallet: Wallet) => Promise<WalletResult<unknown>>;
  /** Minor units in the purse once it is done; null where doing it again is no harm. */
  readonly leaves: bigint | null;
}

/** What a holder does with a wallet and an account, from the first day on. */
const LIFE: readonly Deed[] = [
  { run: (wallet) => wallet.enrol(ORDER), leaves: null },
  { run: (wallet) => wallet.load(5_000n), leaves: 5_000n },
  { run: (wallet) => wallet.sync(), leaves: 5_000n },
  { run: (wallet) => wallet.redeem(1_200n), leaves: 3_800n },
];

/** After the whole life: the books and the purse say the same. */
async function expectLived({ world, device, wallet }: Customer): Promise<void> {
  expect(await wallet.balance()).toMatchObject({
    ok: true,
    value: { amount: 3_800n, inDoubt: 0n },
  });
  expect(world.backend.ledger.reserve).toBe(3_800n);
  expect(world.backend.issued).toBe(1);
  expect(await wallet.pending()).toEqual({ ok: true, value: [] });
  const keys = await device.store.list('');
  const kinds = new Set(keys.map((key) => key.split('/')[0]));
  expect(kinds).toEqual(new Set(['list', 'policy', 'profile']));
}

/**
 * Repeats a deed as a holder would, until it works; at most three times. Whose device was off does not
 * know whether it had worked, and so syncs and looks at the balance first.
 */
async function insist(customer: Customer, { run, leaves }: Deed): Promise<void> {
  const errors: string[] = [];
  for (let times = 0; times < 3; times++) {
    const result = await run(customer.wallet);
    const failed = result.ok ? whyInDoubt(result.value) : result.error.code;
    if (failed === null) return;
    errors.push(failed);
    if (customer.device.power.isOn) continue;
    customer.restart();
    if (leaves === null) continue;
    const synced = await customer.wallet.sync();
    if (synced.ok && (await statusOf(customer.device)).balance === leaves) return;
  }
  throw new Error(`still ${errors.join(', ')}`);
}

function whyInDoubt(value: unknown): string | null {
  const isInDoubt =
    typeof value === 'object' && value !== null && 'state' in value && value.state === 'inDoubt';
  return isInDoubt ? 'inDoubt' : null;
}

describe('a life with an account', () => {
  test('works without losses, and leaves nothing pending', async () => {
    const customer = new Customer();
    for (const step of LIFE) await insist(customer, step);
    await expectLived(customer);
    expect(customer.network.calls).toContain('sync');
  });

  test('survives the loss of every request and every reply', async () => {
    const whole = new Customer();
    for (const step of LIFE) await insist(whole, step);
    const calls = whole.network.calls.length;
    expect(calls).toBeGreaterThan(8);
    for (let lost = 0; lost < calls; lost++) {
      for (const loss of ['request', 'reply'] as const) {
        const customer = new Customer();
        customer.network.loss = (index) => (index === lost ? loss : 'none');
        for (const step of LIFE) await insist(customer, step);
        await expectLived(customer);
      }
    }
  });

  test('survives a power cut at every step, before it and after it', async () => {
    const whole = new Customer();
    for (const step of LIFE) await insist(whole, step);
    const { steps } = whole.device.power;
    expect(steps).toBeGreaterThan(25);
    for (let cut = 0; cut < steps; cut++) {
      for (const at of ['before', 'after'] as const) {
        const customer = new Customer();
        customer.device.power.stepsLeft = cut;
        customer.device.power.at = at;
        for (const step of LIFE) await insist(customer, step);
        await expectLived(customer);
      }
    }
  });
});

test('another account after a lost reply is a new enrolment, not the old one again', async () => {
  const customer = new Customer();
  customer.network.loss = (_, name) => (name === 'enrol' ? 'reply' : 'none');
  expect((await customer.wallet.enrol(ORDER)).ok).toBe(false);
  customer.network.loss = () => 'none';
  const enrolled = await customer.wallet.enrol({ ...ORDER, account: 'eve' });
  expect(enrolled).toEqual({ ok: true, value: undefined });
  expect(customer.world.backend.issued).toBe(2);
  expect(await customer.wallet.balance()).toMatchObject({ ok: true, value: { amount: 0n } });
});
