import { unwrap } from '@tallystick/protocol';
import { payCommand } from '@tallystick/trusted-app/testing';
import type { Arena } from '../arena.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';

const PIN = Uint8Array.from([0x31, 0x32, 0x33, 0x34]);
const MONEY = 12_000n;
/** Below and above the amount from which the holder is verified. */
const SMALL = 4_000n;
const LARGE = 6_000n;

/** What the arena's policy says of the tier that pays. */
function limitsOf({ scheme }: Arena): string {
  const { paymentMax = 0n, totalMax = 0n, stepUpAbove = 0n } = scheme.policy.tiers[0] ?? {};
  return `${paymentMax} a payment and ${totalMax} between syncs, and without a holder ${stepUpAbove} a payment`;
}

/** Nothing measures distance. */
export const RELAY: Attack = {
  name: 'relay (mafia fraud)',
  group: 'exchange',
  attacker: 'network',
  reference:
    'Desmedt, Goutier and Bengio, Special Uses and Abuses of the Fiat-Shamir Passport Protocol (CRYPTO 1987)',
  aim: 'Have a payer far away settle the request of a shop in which the attacker stands.',
  run: async (arena) => {
    const payer = await arena.purse({ amount: MONEY, pin: PIN });
    const shop = await arena.bystander();
    const before = await payer.hash();
    const large = await payer.run(payer.paying(await shop.request(LARGE), shop));
    const request = await shop.request(SMALL);
    // Carried there and back by hand would still do.
    arena.now = arena.now + 300;
    const { message } = await payer.pay(request, shop);
    const result = await shop.run(shop.receiving(message, request, payer));
    const after = await payer.hash();
    return finding(result.ok ? 'succeeded' : 'prevented', {
      ran: `carried a shop's request of ${SMALL} to a payer elsewhere, and its payment back five minutes later; with ${LARGE} the payer's PIN was missing (${large.ok ? 'taken' : large.error.code})`,
      before,
      after,
      refusal: result.ok ? null : result.error.code,
      remark: result.ok
        ? `bounded by what the payer confirms, which is payee and amount of the real request, by the request's last second, and by the payer's limits: ${limitsOf(arena)}`
        : null,
    });
  },
};

/** Between the holder and the purse stands an app, or a device, that says that the holder was verified. */
export const WEDGE: Attack = {
  name: 'wedge',
  group: 'exchange',
  attacker: 'app',
  reference: 'Murdoch et al., Chip and PIN is Broken (IEEE S&P 2010)',
  aim: 'Pay above the step-up amount with a stolen device, by claiming that its holder was verified.',
  run: async (arena) => {
    const payer = await arena.purse({ amount: MONEY, pin: PIN });
    const payee = await arena.bystander();
    await payer.device.close();
    payer.element = unwrap(await payer.device.open(lyingApp(arena)));
    const request = await payee.request(LARGE);
    const before = await payer.hash();
    const silent = await payer.run(payCommand(request, payee.certificate));
    const claimed = await payer.run(payCommand(request, payee.certificate, { assertHolder: true }));
    const after = await payer.hash();
    const ran = [
      `paid ${LARGE} with a purse that has a PIN, without it (${silent.ok ? 'taken' : silent.error.code}),`,
      `then as an app that says the platform has verified the holder (${claimed.ok ? 'taken' : claimed.error.code})`,
    ].join(' ');
    if (!silent.ok && !claimed.ok && before === after) {
      return finding('prevented', { ran, before, after, refusal: claimed.error.code });
    }
    const money = silent.ok ? silent.value : unwrap(claimed);
    if (money.kind !== 1) throw new Error('a payment was answered with something else');
    await payee.receive(money.message, request, payer);
    return finding('succeeded', {
      ran: `${ran}; the payee accepted it`,
      before,
      after,
      remark: `this environment asks the app whether the holder is there: no PIN was shown; bounded by ${limitsOf(arena).split(', and')[0]}`,
    });
  },
};

/** Answers for the platform, where the environment leaves that to the app: the clock, and the holder's presence. */
function lyingApp(arena: Arena): { clock: () => number; assertHolder: () => Promise<boolean> } {
  return { clock: () => arena.now, assertHolder: () => Promise.resolve(true) };
}
