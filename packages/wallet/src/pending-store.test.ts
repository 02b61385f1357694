import { blob, tuple } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { outcome } from './failure.ts';
import { memoryStore, type PendingStore, Records } from './pending-store.ts';
import { Customer, demandOk } from './testing/customer.ts';
import { createWallet } from './wallet.ts';

interface Note {
  readonly text: Uint8Array;
}
const note = tuple<Note>({ text: blob(8) });

describe('records', () => {
  test('come back as they were written, in order of their names', async () => {
    const store = memoryStore();
    const [notes, others] = [new Records(store, 'note/', note), new Records(store, 'other/', note)];
    await notes.put('b', { text: Uint8Array.of(2) });
    await notes.put('a', { text: Uint8Array.of(1) });
    await others.put('a', { text: Uint8Array.of(9) });
    await notes.put('b', { text: Uint8Array.of(3) });
    expect(await notes.all()).toEqual([
      { name: 'a', value: { text: Uint8Array.of(1) } },
      { name: 'b', value: { text: Uint8Array.of(3) } },
    ]);
    await notes.remove('a');
    await notes.remove('never there');
    expect(await notes.get('a')).toBeNull();
    expect(await others.get('a')).toEqual({ text: Uint8Array.of(9) });
  });

  test('what the caller or the reader does to bytes afterwards does not reach the store', async () => {
    const store = memoryStore();
    const bytes = Uint8Array.of(1);
    await store.put('key', bytes);
    bytes[0] = 2;
    (await store.get('key'))?.fill(3);
    expect(await store.get('key')).toEqual(Uint8Array.of(1));
  });

  test('that do not read count as missing', async () => {
    const store = memoryStore();
    const notes = new Records(store, 'note/', note);
    await store.put('note/a', Uint8Array.of(0xff));
    await store.put('note/b', Uint8Array.of(0x80));
    await notes.put('c', { text: Uint8Array.of(1) });
    expect((await notes.all()).map(({ name }) => name)).toEqual(['c']);
  });

  test('a store that fails is a failure, not an exception', async () => {
    const broken = (): Promise<never> => Promise.reject(new Error('disk full'));
    const store: PendingStore = { put: broken, get: broken, list: broken, remove: broken };
    const notes = new Records(store, 'note/', note);
    for (const use of [
      () => notes.put('a', { text: Uint8Array.of(1) }),
      () => notes.get('a'),
      () => notes.all(),
      () => notes.remove('a'),
    ]) {
      expect(await outcome<unknown>(use)).toMatchObject({
        ok: false,
        error: { code: 'STORE_FAILED', message: expect.stringContaining('disk full') as string },
      });
    }
  });
});

describe('a wallet whose store is', () => {
  test('spoiled: nothing is lost that a sync cannot bring back', async () => {
    const ada = await Customer.with('ada', 500n);
    const bo = await Customer.with('bo', 0n, ada.world, { participant: 1 });
    expect(await ada.pay(bo, 100n, 2)).toBe('inDoubt');
    for (const key of await ada.device.store.list('payment/')) {
      await ada.device.store.put(key, Uint8Array.of(0xff));
    }
    ada.restart();
    const [item] = demandOk(await ada.wallet.pending());
    expect(item).toMatchObject({ amount: 100n, displayName: null, canAsk: false });
    demandOk(await bo.wallet.sync());
    demandOk(await ada.wallet.sync());
    expect(demandOk(await ada.wallet.pending())).toEqual([]);
  });

  test('behind a locked purse: what a payment takes to ask about is kept until it is unlocked', async () => {
    const ada = await Customer.with('ada', 500n);
    const bo = await Customer.with('bo', 0n, ada.world, { participant: 1 });
    const pin = Uint8Array.of(49, 50, 51, 52);
    demandOk(await ada.wallet.purse.setPin(null, pin));
    // Storing the intent, the clock, the commit, the signature; then the power fails.
    ada.device.power.stepsLeft = 4;
    await ada.pay(bo, 100n);
    ada.restart();
    expect(await ada.device.store.list('intent/')).toHaveLength(1);
    expect(await ada.device.store.list('payment/')).toEqual([]);
    demandOk(await ada.wallet.purse.lock());
    expect(demandOk(await ada.wallet.pending())).toMatchObject([{ canAsk: false }]);
    demandOk(await ada.wallet.purse.unlock(pin));
    expect(demandOk(await ada.wallet.pending())).toMatchObject([{ amount: 100n, canAsk: true }]);
    expect(await ada.device.store.list('intent/')).toEqual([]);
  });

  test('full: it pays nothing it could not ask about later', async () => {
    const ada = await Customer.with('ada', 500n);
    const bo = await Customer.with('bo', 0n, ada.world);
    const { store } = ada.device;
    const full = { ...store, put: () => Promise.reject(new Error('disk full')) };
    const options = { element: ada.device, backend: ada.network, timer: ada.world.timer };
    ada.wallet = createWallet({ ...options, pendingStore: full });
    expect(await ada.pay(bo, 10n)).toBe('STORE_FAILED');
    expect(await ada.wallet.load(10n)).toMatchObject({ error: { code: 'STORE_FAILED' } });
    expect(ada.network.calls.filter((name) => name === 'load')).toHaveLength(1);
    expect(demandOk(await ada.wallet.balance()).amount).toBe(500n);
  });
});
