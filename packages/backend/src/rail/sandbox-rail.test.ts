import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import type { Movement, Rail } from './rail.ts';
import { createSandboxRail } from './sandbox-rail.ts';

const EUR = 978;
const ANN = { participant: 'ALPHSESS', account: 'ann' };

async function openRail(balance = 1_000n): Promise<Rail> {
  const rail = createSandboxRail(createMemoryStore());
  await rail.open({ ...ANN, currency: EUR, balance, acceptancePoint: null });
  return rail;
}

function movement(key: string, amount: bigint): Movement {
  return { ...ANN, key, currency: EUR, amount };
}

async function balanceOf(rail: Rail): Promise<bigint | undefined> {
  return (await rail.account(ANN))?.balance;
}

describe('the sandbox rail', () => {
  test('moves money once for each key, however often it is told', async () => {
    const rail = await openRail();
    const times = [1, 2, 3];
    await Promise.all(times.map(() => rail.debit(movement('one', 400n))));
    expect(await balanceOf(rail)).toBe(600n);
    await Promise.all(times.map(() => rail.credit(movement('two', 150n))));
    expect(await balanceOf(rail)).toBe(750n);
    expect(
      (await rail.movements('', 10)).rows.map(({ key, direction }) => [key, direction]),
    ).toEqual([
      ['one', 'debit'],
      ['two', 'credit'],
    ]);
  });

  test('a movement that was refused leaves nothing, and may come again', async () => {
    const rail = await openRail(100n);
    const refused = await rail.debit(movement('one', 101n));
    expect(refused).toMatchObject({ ok: false, error: { code: 'INSUFFICIENT_FUNDS' } });
    expect(await balanceOf(rail)).toBe(100n);
    await rail.credit(movement('two', 1n));
    expect(await rail.debit(movement('one', 101n))).toMatchObject({ ok: true });
    expect(await balanceOf(rail)).toBe(0n);
  });

  test('concurrent debits never overdraw', async () => {
    const rail = await openRail(1_000n);
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => rail.debit(movement(`m${index}`, 100n))),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(10);
    expect(await balanceOf(rail)).toBe(0n);
  });

  test('refuses what it cannot do, by code', async () => {
    const rail = await openRail();
    const nobody = { ...movement('one', 1n), account: 'zoe' };
    expect(await rail.debit(nobody)).toMatchObject({ error: { code: 'UNKNOWN_ACCOUNT' } });
    expect(await rail.credit(nobody)).toMatchObject({ error: { code: 'UNKNOWN_ACCOUNT' } });
    const dollars = { ...movement('two', 1n), currency: 840 };
    expect(await rail.debit(dollars)).toMatchObject({ error: { code: 'WRONG_CURRENCY' } });
    const again = { ...ANN, currency: EUR, balance: 5n, acceptancePoint: null };
    expect(await rail.open(again)).toMatchObject({ error: { code: 'ACCOUNT_EXISTS' } });
    expect(await balanceOf(rail)).toBe(1_000n);
  });

  test('one key for two movements is a mistake of the caller', async () => {
    const rail = await openRail();
    await rail.debit(movement('one', 1n));
    await expect(rail.debit(movement('one', 2n))).rejects.toThrow('another movement');
    await expect(rail.credit(movement('one', 1n))).rejects.toThrow('another movement');
  });

  test('lists accounts a page at a time', async () => {
    const rail = await openRail();
    for (const account of ['bob', 'cat', 'dan', 'eve']) {
      await rail.open({ ...ANN, account, currency: EUR, balance: 0n, acceptancePoint: account });
    }
    const names: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const { rows, next } = await rail.accounts(after, 2);
      names.push(...rows.map(({ account }) => account));
      after = next;
    }
    expect(names).toEqual(['ann', 'bob', 'cat', 'dan', 'eve']);
  });
});
