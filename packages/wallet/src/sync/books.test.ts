import { describe, expect, test } from 'vitest';
import { Customer, demandOk } from '../testing/customer.ts';
import { balanceOf, DAY, statusOf } from '../testing/world.ts';

/** Ada pays Bo and never learns what came of it; `arrives` says what did. */
async function torn(arrives: boolean): Promise<{ ada: Customer; bo: Customer }> {
  const ada = await Customer.with('ada', 5_000n);
  const bo = await Customer.with('bo', 0n, ada.world, { participant: 1 });
  expect(await ada.pay(bo, 1_000n, arrives ? 2 : 1)).toBe('inDoubt');
  return { ada, bo };
}

describe('payments in doubt end at the backend (TS-SYN-7)', () => {
  test('one that arrived is settled, once the payee has synced', async () => {
    const { ada, bo } = await torn(true);
    expect(demandOk(await ada.wallet.sync()).settled).toEqual([]);
    demandOk(await bo.wallet.sync());
    const { settled } = demandOk(await ada.wallet.sync());
    expect(settled).toHaveLength(1);
    expect(demandOk(await ada.wallet.pending())).toEqual([]);
    expect([await balanceOf(ada.device), await balanceOf(bo.device)]).toEqual([4_000n, 1_000n]);
  });

  test('one that was lost comes back, once nobody can accept it any more', async () => {
    const { ada, bo } = await torn(false);
    demandOk(await bo.wallet.sync());
    expect(demandOk(await ada.wallet.sync()).restored).toEqual([]);
    ada.pass(2 * DAY);
    demandOk(await bo.wallet.sync());
    const { restored } = demandOk(await ada.wallet.sync());
    expect(restored).toHaveLength(1);
    expect(demandOk(await ada.wallet.pending())).toEqual([]);
    expect(await balanceOf(ada.device)).toBe(5_000n);
    demandOk(await ada.wallet.redeemAll());
    expect(ada.world.backend.ledger.reserve).toBe(0n);
  });

  test('whatever step of the sync that brings it back is cut', async () => {
    const whole = await torn(false);
    whole.ada.pass(2 * DAY);
    demandOk(await whole.bo.wallet.sync());
    const before = whole.ada.device.power.steps;
    demandOk(await whole.ada.wallet.sync());
    const steps = whole.ada.device.power.steps - before;
    expect(steps).toBeGreaterThan(8);
    for (let step = 0; step < steps; step++) {
      const { ada, bo } = await torn(false);
      ada.pass(2 * DAY);
      demandOk(await bo.wallet.sync());
      ada.device.power.at = step % 2 === 0 ? 'before' : 'after';
      ada.device.power.stepsLeft = step;
      await ada.wallet.sync();
      expect(ada.device.power.isOn).toBe(false);
      ada.restart();
      demandOk(await ada.wallet.sync());
      expect(await balanceOf(ada.device)).toBe(5_000n);
      expect(demandOk(await ada.wallet.pending())).toEqual([]);
      expect(await ada.device.store.list('closure/')).toEqual([]);
    }
  });
});

describe('what a sync reports', () => {
  test('entries that the issuer refused, by their place in the log', async () => {
    const ada = await Customer.with('ada', 100n);
    ada.world.backend.refuse = [{ index: 1, code: 'BAD_SIGNATURE' }];
    const report = demandOk(await ada.wallet.sync());
    expect(report.refused).toEqual([{ seq: 2, code: 'BAD_SIGNATURE' }]);
    expect(report).toMatchObject({ ackedTo: 3, uploaded: 3, problems: [] });
  });

  test('issuer data the purse could not use, without stopping', async () => {
    const ada = await Customer.with('ada', 100n);
    const { world } = ada;
    // The operator's clock runs 60 days ahead of the device's; 30 are allowed.
    world.backend.now += 60 * DAY;
    world.backend.listVersion += 1;
    const report = await ada.wallet.sync();
    expect(report).toMatchObject({ ok: false, error: { code: 'TIME_SKEW' } });
    // Put right, it has a newer list: that gives the purse something new to state.
    world.backend.now -= 60 * DAY;
    world.backend.listVersion += 1;
    expect(demandOk(await ada.wallet.sync()).problems).toEqual([]);
    const forged = world.backend.scheme.signList({
      version: 9,
      issuedAt: world.backend.now + 40 * DAY,
    });
    ada.network.statusList = async () => ({ ok: true, value: forged });
    const second = demandOk(await ada.wallet.sync());
    expect(second.problems.map(({ code }) => code)).toEqual(['TIME_SKEW']);
    expect((await statusOf(ada.device)).listVersion).toBe(3);
  });

  test('nothing of what is new in the status list, which comes as a delta (TS-LST-6)', async () => {
    const ada = await Customer.with('ada', 100n);
    const { world } = ada;
    const since = world.backend.listVersion;
    world.backend.listVersion += 2;
    world.backend.revoked = [7];
    const told: (number | undefined)[] = [];
    ada.network.statusList = async (version) => {
      told.push(version);
      const answer = await world.backend.statusList(version);
      // The whole list comes with the reply to the upload: let it not.
      world.backend.listsInReplies = false;
      return answer;
    };
    expect(demandOk(await ada.wallet.sync()).problems).toEqual([]);
    expect(told).toEqual([since]);
    expect((await statusOf(ada.device)).listVersion).toBe(since + 2);
    // Asked again from the list at hand, since a delta leads on from that.
    world.backend.listVersion += 1;
    expect(demandOk(await ada.wallet.sync()).problems).toEqual([]);
    expect(told).toEqual([since, since]);
    expect((await statusOf(ada.device)).listVersion).toBe(since + 3);
  });

  test('a newer policy, which the wallet then goes by', async () => {
    const ada = await Customer.with('ada', 100n);
    ada.world.backend.policyVersion = 4;
    demandOk(await ada.wallet.sync());
    expect((await statusOf(ada.device)).policyVersion).toBe(4);
  });

  test('nothing of fork proofs, which go up with it', async () => {
    const bo = await Customer.with('bo', 500n);
    const cy = await Customer.with('cy', 0n, bo.world);
    const clone = bo.clone();
    expect(await bo.pay(cy, 10n)).toBe('paid');
    expect(await clone.pay(cy, 10n)).toBe('takenBack');
    demandOk(await cy.wallet.sync());
    expect(cy.world.backend.proofs).toHaveLength(1);
  });
});

describe('loading', () => {
  test('is refused by the backend: nothing is left under way', async () => {
    const ada = await Customer.with('ada', 0n);
    ada.network.load = async () => ({
      ok: false,
      error: { code: 'BACKEND_REFUSED', message: '', reason: 'INSUFFICIENT_FUNDS' },
    });
    const refused = await ada.wallet.load(10n);
    expect(refused).toMatchObject({ ok: false, error: { reason: 'INSUFFICIENT_FUNDS' } });
    expect(await ada.device.store.list('load/')).toEqual([]);
  });

  test('over the ceiling asks for nothing', async () => {
    const ada = await Customer.with('ada', 40_000n);
    const calls = ada.network.calls.length;
    const refused = await ada.wallet.load(10_001n);
    expect(refused).toMatchObject({ ok: false, error: { code: 'OVER_BALANCE_CEILING' } });
    expect(ada.network.calls).toHaveLength(calls);
    demandOk(await ada.wallet.load(10_000n));
  });

  test('of the same amount again finishes the one whose reply was lost', async () => {
    const ada = await Customer.with('ada', 0n);
    ada.network.loss = (_, name) => (name === 'load' ? 'reply' : 'none');
    expect(await ada.wallet.load(50n)).toMatchObject({ error: { code: 'BACKEND_UNREACHABLE' } });
    ada.restart();
    ada.network.loss = () => 'none';
    expect(demandOk(await ada.wallet.load(50n)).amount).toBe(50n);
    expect(ada.world.backend.ledger.reserve).toBe(50n);
    expect(demandOk(await ada.wallet.load(50n)).amount).toBe(100n);
  });

  test('of another amount comes on top', async () => {
    const ada = await Customer.with('ada', 0n);
    ada.network.loss = (_, name) => (name === 'load' ? 'reply' : 'none');
    await ada.wallet.load(50n);
    ada.network.loss = () => 'none';
    expect(demandOk(await ada.wallet.load(70n)).amount).toBe(120n);
  });

  test('that is too late is given up, and the money goes home', async () => {
    const ada = await Customer.with('ada', 0n);
    ada.network.loss = (_, name) => (name === 'load' ? 'reply' : 'none');
    await ada.wallet.load(50n);
    ada.network.loss = () => 'none';
    const { backend } = ada.world;
    expect(backend.ledger.reserve).toBe(50n);
    ada.pass(2 * DAY);
    // A sync by another way, such as another tap's list, has raised the floor.
    const list = demandOk(await backend.statusList());
    demandOk(await ada.wallet.purse.importList(list, backend.scheme.operator.certificate));
    expect(await ada.wallet.load(50n)).toMatchObject({
      ok: false,
      error: { code: 'LOAD_GIVEN_UP', reason: 'PAST_ACCEPT_BY' },
    });
    expect(await ada.device.store.list('load/')).toEqual([]);
    demandOk(await ada.wallet.sync());
    expect(backend.ledger.reserve).toBe(0n);
    demandOk(await ada.wallet.load(50n));
    expect(await balanceOf(ada.device)).toBe(50n);
  });

  test('that finds the purse full is given up as well', async () => {
    const ada = await Customer.with('ada', 0n);
    const bo = await Customer.with('bo', 50_000n, ada.world);
    bo.device.holderConfirms = true;
    ada.network.loss = (_, name) => (name === 'load' ? 'reply' : 'none');
    await ada.wallet.load(49_000n);
    ada.network.loss = () => 'none';
    expect(await bo.pay(ada, 2_000n)).toBe('paid');
    const report = demandOk(await ada.wallet.sync());
    expect(report.problems).toMatchObject([
      { code: 'LOAD_GIVEN_UP', reason: 'OVER_BALANCE_CEILING' },
    ]);
    ada.pass(2 * DAY);
    demandOk(await ada.wallet.sync());
    expect(await balanceOf(ada.device)).toBe(2_000n);
    demandOk(await bo.wallet.sync());
    expect(ada.world.backend.ledger.reserve).toBe(50_000n);
  });
});

describe('redeeming (INV-REDEEM)', () => {
  test('without network: the money has left, and a later sync brings it in', async () => {
    const ada = await Customer.with('ada', 500n);
    ada.network.loss = () => 'request';
    const first = demandOk(await ada.wallet.redeem(200n));
    expect(first).toMatchObject({
      state: 'inDoubt',
      cause: { code: 'BACKEND_UNREACHABLE' },
      sync: null,
    });
    expect(await balanceOf(ada.device)).toBe(300n);
    ada.network.loss = () => 'none';
    const second = demandOk(await ada.wallet.redeem(200n));
    expect(second).toMatchObject({ state: 'paid', amount: 200n, cause: null });
    expect(await balanceOf(ada.device)).toBe(300n);
    expect(ada.world.backend.ledger.reserve).toBe(300n);
  });

  test('everything, with the holder’s word above the step-up; nothing twice', async () => {
    const ada = await Customer.with('ada', 9_000n);
    const without = await ada.wallet.redeemAll();
    expect(without).toMatchObject({ ok: false, error: { code: 'PIN_REQUIRED' } });
    ada.device.holderConfirms = true;
    const all = demandOk(await ada.wallet.redeemAll({ assertHolder: true }));
    expect(all).toMatchObject({ state: 'paid', amount: 9_000n });
    expect(ada.world.backend.ledger.reserve).toBe(0n);
    expect(demandOk(await ada.wallet.redeemAll())).toBeNull();
    expect(await ada.wallet.redeem(1n)).toMatchObject({ error: { code: 'INSUFFICIENT_FUNDS' } });
  });

  test('more than there is changes nothing', async () => {
    const ada = await Customer.with('ada', 10n);
    expect(await ada.wallet.redeem(11n)).toMatchObject({ error: { code: 'INSUFFICIENT_FUNDS' } });
    expect(await ada.wallet.redeem(0n)).toMatchObject({ error: { code: 'BAD_AMOUNT' } });
    expect(demandOk(await ada.wallet.pending())).toEqual([]);
    expect(await ada.device.store.list('intent/')).toEqual([]);
  });
});

test('before enrolment everything says so', async () => {
  const ada = new Customer();
  expect(await ada.wallet.balance()).toMatchObject({ error: { code: 'NOT_ENROLLED' } });
  expect(await ada.wallet.load(1n)).toMatchObject({ error: { code: 'NOT_PERSONALISED' } });
  expect(await ada.wallet.sync()).toMatchObject({ error: { code: 'NOT_ENROLLED' } });
  expect(await ada.wallet.redeem(1n)).toMatchObject({ error: { code: 'NOT_ENROLLED' } });
  expect(await ada.wallet.pending()).toMatchObject({ error: { code: 'NOT_PERSONALISED' } });
  const bo = await Customer.with('bo', 5n, ada.world);
  expect(await bo.pay(ada, 1n)).toBe('LINK_ENDED');
});
