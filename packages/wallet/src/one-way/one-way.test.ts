import { type Bytes, decodeFrame, encodeFrame, type OfferFrame } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import type { Confirm } from '../session/holder.ts';
import { Customer, demandOk } from '../testing/customer.ts';
import { balanceOf, DAY } from '../testing/world.ts';
import { memoryOneWay } from '../transport/index.ts';
import type { Terminal, TerminalEvent } from './terminal.ts';

const yes: Confirm = async () => ({ approve: true });
const chooses =
  (amount: bigint): Confirm =>
  async () => ({ approve: true, amount, despiteDoubt: true });

interface Kiosk {
  readonly ada: Customer;
  readonly kiosk: Customer;
  readonly terminal: Terminal;
  readonly events: TerminalEvent[];
}

/** A terminal that only receives (tier 2 pays nothing), and somebody with money. */
async function open(amount: bigint | null = null): Promise<Kiosk> {
  const ada = await Customer.with('ada', 5_000n);
  const profile = { participant: 1, tier: 2, subject: 'Kiosk 7' } as const;
  const kiosk = await Customer.with('kiosk', 0n, ada.world, profile);
  const events: TerminalEvent[] = [];
  const terminal = await openTerminal(kiosk, amount, events);
  return { ada, kiosk, terminal, events };
}

async function openTerminal(
  kiosk: Customer,
  amount: bigint | null,
  events: TerminalEvent[],
): Promise<Terminal> {
  const onEvent = (event: TerminalEvent): number => events.push(event);
  return demandOk(await kiosk.wallet.terminal({ amount, validSeconds: 300 * DAY, onEvent }));
}

/** Pays the code, and hands what was shown to `take`. */
async function payCode(
  { ada, terminal }: Kiosk,
  confirm: Confirm,
): Promise<{ readonly state: string; readonly frames: readonly Bytes[] }> {
  const frames: Bytes[] = [];
  const { sender } = memoryOneWay((frame) => {
    frames.push(frame);
    return 'deliver';
  });
  const paid = await ada.wallet.payCode(terminal.code, sender, confirm);
  return { state: paid.ok ? paid.value.state : paid.error.code, frames };
}

describe('a static code without a reply channel (rule 13)', () => {
  test('takes one message, shows the display name, and sends no receipt', async () => {
    const shop = await open();
    const names: (string | null)[] = [];
    const { state, frames } = await payCode(shop, async ({ displayName }) => {
      names.push(displayName);
      return { approve: true, amount: 250n };
    });
    expect([state, names, frames.length]).toEqual(['sent', ['Kiosk 7'], 1]);
    const taken = demandOk(await shop.terminal.take(frames[0]!));
    expect(taken).toMatchObject({ kind: 'accepted', amount: 250n });
    expect(shop.events).toEqual([taken]);
    expect(shop.terminal.totals).toEqual({ count: 1, amount: 250n });
    expect(await balanceOf(shop.kiosk.device)).toBe(250n);
  });

  test('shown again, even to a terminal that was off, it counts once', async () => {
    const shop = await open(100n);
    const { frames } = await payCode(shop, yes);
    await shop.terminal.take(frames[0]!);
    await shop.terminal.take(frames[0]!);
    shop.kiosk.restart();
    const events: TerminalEvent[] = [];
    const terminal = await openTerminal(shop.kiosk, 100n, events);
    expect(terminal.code).toEqual(shop.terminal.code);
    const [pending] = demandOk(await shop.ada.wallet.pending());
    const again = memoryOneWay();
    demandOk(await shop.ada.wallet.showAgain(pending!.paymentId, again.sender));
    await again.sender.close();
    demandOk(await terminal.listen(again.receiver));
    expect(events.map(({ kind }) => kind)).toEqual(['repeated']);
    expect(shop.events.map(({ kind }) => kind)).toEqual(['accepted', 'repeated']);
    expect(terminal.totals).toEqual({ count: 0, amount: 0n });
    expect(await balanceOf(shop.kiosk.device)).toBe(100n);
  });

  test('a second payment needs the holder’s word while the first is in doubt', async () => {
    const shop = await open();
    const asked: bigint[] = [];
    const cautious: Confirm = async ({ inDoubt }) => {
      asked.push(inDoubt);
      return { approve: true, amount: 70n };
    };
    expect((await payCode(shop, cautious)).state).toBe('sent');
    expect((await payCode(shop, cautious)).state).toBe('PAYMENT_IN_DOUBT');
    expect(asked).toEqual([0n, 70n]);
    const second = await payCode(shop, chooses(70n));
    expect(second.state).toBe('sent');
    expect(demandOk(await shop.terminal.take(second.frames[0]!))).toMatchObject({ amount: 70n });
  });

  test('is settled by a sync of both', async () => {
    const shop = await open();
    const { frames } = await payCode(shop, chooses(40n));
    await shop.terminal.take(frames[0]!);
    demandOk(await shop.kiosk.wallet.sync());
    demandOk(await shop.ada.wallet.sync());
    expect(demandOk(await shop.ada.wallet.pending())).toEqual([]);
  });

  test('several codes of one terminal are told apart', async () => {
    const shop = await open(100n);
    const events: TerminalEvent[] = [];
    const other = await openTerminal(shop.kiosk, 900n, events);
    const [first, second] = [
      await payCode(shop, yes),
      await payCode({ ...shop, terminal: other }, async () => ({
        approve: true,
        despiteDoubt: true,
      })),
    ];
    for (const { frames } of [first, second]) await other.take(frames[0]!);
    expect(events).toMatchObject([
      { kind: 'accepted', amount: 100n },
      { kind: 'accepted', amount: 900n },
    ]);
  });
});

describe('what a terminal refuses', () => {
  test.each([
    ['garbage', async () => Uint8Array.of(0xff), 'MALFORMED'],
    ['a giant', async () => new Uint8Array(70_000), 'OVERSIZED'],
    ['its own code', async ({ terminal }: Kiosk) => terminal.code, 'UNEXPECTED_FRAME'],
    [
      'a payment without its certificate',
      async (shop: Kiosk) => {
        const frame = decodeFrame((await payCode(shop, chooses(5n))).frames[0]!);
        if (frame.kind !== 2) throw new Error('no payment');
        return encodeFrame({ ...frame, certificate: null });
      },
      'UNKNOWN_CERTIFICATE',
    ],
    [
      'a payment for somebody else',
      async (shop: Kiosk) => {
        const bo = await Customer.with('bo', 0n, shop.ada.world);
        const terminal = await openTerminal(bo, null, []);
        return (await payCode({ ...shop, terminal }, chooses(5n))).frames[0]!;
      },
      'WRONG_PAYEE',
    ],
  ] as const)('%s', async (_, make, code) => {
    const shop = await open();
    const event = demandOk(await shop.terminal.take(await make(shop)));
    expect(event).toMatchObject({ kind: 'refused', code });
    expect(shop.terminal.totals.count).toBe(0);
    expect(await balanceOf(shop.kiosk.device)).toBe(0n);
    // And it goes on.
    const { frames } = await payCode(shop, chooses(6n));
    expect(demandOk(await shop.terminal.take(frames[0]!))).toMatchObject({ kind: 'accepted' });
  });

  test('a late payment, once a status list has raised its floor past the last moment', async () => {
    const shop = await open();
    const { frames } = await payCode(shop, chooses(5n));
    shop.ada.pass(2 * DAY);
    const { backend } = shop.ada.world;
    const list = demandOk(await backend.statusList());
    const { certificate } = backend.scheme.operator;
    const news = encodeFrame({ kind: 6, list, certificate });
    expect(demandOk(await shop.terminal.take(news))).toBeNull();
    expect(demandOk(await shop.terminal.take(frames[0]!))).toMatchObject({
      code: 'PAST_ACCEPT_BY',
    });
  });

  test('everything, when its element is gone: then listening ends', async () => {
    const shop = await open();
    const { frames } = await payCode(shop, chooses(5n));
    shop.kiosk.device.power.stepsLeft = 0;
    const { sender, receiver } = memoryOneWay();
    for (let count = 0; count < 3; count++) await sender.send(frames[0]!);
    expect(await shop.terminal.listen(receiver)).toMatchObject({
      error: { code: 'ELEMENT_FAILED' },
    });
    shop.kiosk.restart();
    expect(await balanceOf(shop.kiosk.device)).toBe(0n);
  });
});

describe('a code that cannot be paid', () => {
  test('moves nothing', async () => {
    const shop = await open();
    const offer = decodeFrame(shop.terminal.code) as OfferFrame;
    const other = decodeFrame((await open()).terminal.code) as OfferFrame;
    const codes: [Bytes, string][] = [
      [Uint8Array.of(0xff), 'MALFORMED'],
      [encodeFrame({ kind: 7, proof: new Uint8Array(0) }), 'UNEXPECTED_FRAME'],
      [encodeFrame({ ...offer, certificate: other.certificate }), 'UNKNOWN_CERTIFICATE'],
    ];
    for (const [code, error] of codes) {
      const paid = await shop.ada.wallet.payCode(code, memoryOneWay().sender, yes);
      expect(paid).toMatchObject({ ok: false, error: { code: error } });
    }
    shop.ada.pass(301 * DAY);
    const late = await shop.ada.wallet.payCode(shop.terminal.code, memoryOneWay().sender, yes);
    expect(late).toMatchObject({ ok: false, error: { code: 'REQUEST_EXPIRED' } });
    expect(await balanceOf(shop.ada.device)).toBe(5_000n);
  });
});
