import { decodePurseCertificate, decodeSigned, ED25519, equal } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { fail } from '../failure.ts';
import { Customer, demandOk } from '../testing/customer.ts';
import { balanceOf, DAY, statusOf } from '../testing/world.ts';
import { memoryPair } from '../transport/index.ts';

/** Certificates of the test world last 300 days, and may be renewed in the last 14. */
const SOFT_EXPIRY = 287 * DAY;

async function certificateOf({ device }: Customer): Promise<Uint8Array> {
  return (await statusOf(device)).certificate;
}

describe('renewal past soft expiry (TS-LOG-5)', () => {
  test('happens with a sync when it is due, and not before', async () => {
    const ada = await Customer.with('ada', 100n);
    const first = await certificateOf(ada);
    expect(demandOk(await ada.wallet.sync()).renewed).toBe(false);
    ada.pass(SOFT_EXPIRY);
    expect(demandOk(await ada.wallet.sync()).renewed).toBe(true);
    const second = await certificateOf(ada);
    expect(equal(first, second)).toBe(false);
    expect(demandOk(await ada.wallet.sync())).toMatchObject({ renewed: false, problems: [] });
    demandOk(await ada.wallet.redeemAll());
    expect(ada.world.backend.ledger.reserve).toBe(0n);
  });

  test('survives the loss of every request and reply, and a power cut at every step', async () => {
    const whole = await Customer.with('ada', 100n);
    whole.pass(SOFT_EXPIRY);
    const [calls, before] = [whole.network.calls.length, whole.device.power.steps];
    demandOk(await whole.wallet.sync());
    const perSync = whole.network.calls.length - calls;
    const steps = whole.device.power.steps - before;
    expect(whole.network.calls).toContain('renew');
    for (let fault = 0; fault < (perSync + steps) * 2; fault++) {
      const ada = await Customer.with('ada', 100n);
      ada.pass(SOFT_EXPIRY);
      const at = Math.floor(fault / 2);
      if (at < perSync) {
        const lost = ada.network.calls.length + at;
        ada.network.loss = (index) =>
          index === lost ? (fault % 2 === 0 ? 'request' : 'reply') : 'none';
      } else {
        ada.device.power.at = fault % 2 === 0 ? 'before' : 'after';
        ada.device.power.stepsLeft = at - perSync;
      }
      await ada.wallet.sync();
      if (!ada.device.power.isOn) ada.restart();
      for (let times = 0; times < 2; times++) demandOk(await ada.wallet.sync());
      const { expires } = decodePurseCertificate(await certificateOf(ada));
      expect(expires).toBeGreaterThan(ada.world.backend.now + 200 * DAY);
      expect(await balanceOf(ada.device)).toBe(100n);
    }
  });

  test('happens where the backend answers only under a new certificate (TS-ATT-6)', async () => {
    const ada = await Customer.with('ada', 100n);
    const first = await certificateOf(ada);
    const { sync } = ada.network;
    ada.network.sync = async (upload) => {
      const { kid } = decodeSigned(upload.statement);
      const isOld = equal(kid, decodePurseCertificate(first).ref);
      return isOld ? fail('BACKEND_REFUSED', 'why', 'NEW_CERTIFICATE_NEEDED') : sync(upload);
    };
    expect(demandOk(await ada.wallet.sync())).toMatchObject({ problems: [] });
    expect(equal(first, await certificateOf(ada))).toBe(false);
    // It is done once: a backend that asks on and on is told of, not obeyed.
    ada.network.sync = async () => fail('BACKEND_REFUSED', 'why', 'NEW_CERTIFICATE_NEEDED');
    const refused = await ada.wallet.sync();
    expect(refused).toMatchObject({ ok: false, error: { reason: 'NEW_CERTIFICATE_NEEDED' } });
    expect(await balanceOf(ada.device)).toBe(100n);
  });

  test('a payment in doubt under the old certificate is still resolved', async () => {
    const ada = await Customer.with('ada', 100n);
    const bo = await Customer.with('bo', 0n, ada.world, { participant: 1 });
    ada.pass(SOFT_EXPIRY);
    demandOk(await bo.wallet.sync());
    // All of the sync but the renewal at its end.
    ada.network.loss = (_, name) => (name === 'renew' ? 'request' : 'none');
    expect(demandOk(await ada.wallet.sync()).renewed).toBe(false);
    expect(await ada.pay(bo, 60n, 1)).toBe('inDoubt');
    ada.network.loss = () => 'none';
    expect(demandOk(await ada.wallet.sync()).renewed).toBe(true);
    const [pending] = demandOk(await ada.wallet.pending());
    const { a, b } = memoryPair();
    const both = Promise.all([
      ada.wallet.resolve(a, pending!.paymentId, 'retry'),
      bo.wallet.answer(b),
    ]);
    const [resolved] = await ada.world.timer.run(both);
    expect(resolved).toMatchObject({ ok: true, value: { state: 'paid' } });
    expect(await balanceOf(bo.device)).toBe(60n);
    expect(await ada.pay(bo, 10n)).toBe('paid');
  });

  test('does not come between a payment and the certificate that is kept with it', async () => {
    const ada = await Customer.with('ada', 100n);
    const bo = await Customer.with('bo', 0n, ada.world, { participant: 1 });
    const { store } = ada.device;
    const put = store.put.bind(store);
    const renewed = Promise.withResolvers<unknown>();
    let isBegun = false;
    // A renewal begins as the intent is stored: after the look at the certificate, before the debit.
    const putAndRenew: typeof put = async (key, value) => {
      await put(key, value);
      if (!key.startsWith('intent/') || isBegun) return;
      isBegun = true;
      ada.wallet.renew().then(renewed.resolve, renewed.reject);
      // More turns than a renewal takes that waits for nobody.
      for (let turn = 0; turn < 50_000; turn++) await Promise.resolve();
    };
    Object.assign(store, { put: putAndRenew });
    expect(await ada.pay(bo, 60n, 1)).toBe('inDoubt');
    expect(await renewed.promise).toMatchObject({ ok: true });
    const [pending] = demandOk(await ada.wallet.pending());
    const { a, b } = memoryPair();
    const [resolved] = await ada.world.timer.run(
      Promise.all([ada.wallet.resolve(a, pending!.paymentId, 'void'), bo.wallet.answer(b)]),
    );
    expect(resolved).toMatchObject({ ok: true, value: { state: 'takenBack' } });
  });

  test('repeats its request after a lost reply, instead of making one key after another', async () => {
    const ada = await Customer.with('ada', 100n);
    ada.pass(SOFT_EXPIRY);
    ada.network.loss = (_, name) => (name === 'renew' ? 'reply' : 'none');
    for (let times = 0; times < 3; times++) {
      expect(demandOk(await ada.wallet.sync())).toMatchObject({
        renewed: false,
        problems: [{ code: 'BACKEND_UNREACHABLE' }],
      });
    }
    ada.network.loss = () => 'none';
    expect(demandOk(await ada.wallet.sync()).renewed).toBe(true);
    expect(ada.world.backend.issued).toBe(2);
  });

  test('is not misled by a request that an earlier renewal left behind', async () => {
    const { world } = new Customer();
    world.backend.certificateSeconds = 50 * DAY;
    const ada = await Customer.with('ada', 100n, world);
    ada.pass(40 * DAY);
    ada.network.loss = (_, name) => (name === 'renew' ? 'reply' : 'none');
    await ada.wallet.sync();
    const [key] = await ada.device.store.list('renewal/');
    const left = await ada.device.store.get(key!);
    ada.network.loss = () => 'none';
    demandOk(await ada.wallet.sync());
    await ada.device.store.put(key!, left!);
    ada.pass(40 * DAY);
    expect(demandOk(await ada.wallet.sync())).toMatchObject({ renewed: true, problems: [] });
  });

  test('to another algorithm, whenever the holder wants', async () => {
    const ada = await Customer.with('ada', 100n);
    const bo = await Customer.with('bo', 0n, ada.world, { participant: 1 });
    demandOk(await ada.wallet.renew(ED25519));
    expect(decodePurseCertificate(await certificateOf(ada)).key.alg).toBe(ED25519);
    expect(await ada.pay(bo, 10n)).toBe('paid');
    demandOk(await ada.wallet.sync());
    demandOk(await ada.wallet.redeemAll());
    expect(ada.world.backend.ledger.reserve).toBe(10n);
  });

  test('a refusal is reported and leaves nothing behind', async () => {
    const ada = await Customer.with('ada', 100n);
    ada.pass(SOFT_EXPIRY);
    ada.network.renew = async () => ({
      ok: false,
      error: { code: 'BACKEND_REFUSED', message: '', reason: 'REVOKED' },
    });
    const report = demandOk(await ada.wallet.sync());
    expect(report).toMatchObject({ renewed: false, problems: [{ reason: 'REVOKED' }] });
    expect(await ada.device.store.list('renewal/')).toEqual([]);
  });
});
