import { payCommand } from '@tallystick/trusted-app/testing';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import type { Purse } from '../purse.ts';
import { attemptEach, refusalOf } from './each.ts';
import { brokenPayer, day, genuineList, showing, tellTime } from './messages.ts';

/** A clock that its owner puts back. */
export const CLOCK_ROLLBACK: Attack = {
  name: 'clock rollback',
  group: 'authority',
  attacker: 'root',
  reference: 'Malhotra et al., Attacking the Network Time Protocol (NDSS 2016)',
  aim: 'Make what is over count again by putting the clock back.',
  run: async (arena) => {
    const purse = await arena.purse({ amount: 100n });
    const payees = { synced: await arena.bystander(), offline: await arena.bystander() };
    const expired = brokenPayer(arena, 'mallory', { expires: day(8) });
    const old = await payees.offline.request(10n);
    const own = await purse.request(10n);
    const bygone = expired.get(payCommand(own, purse.certificate), 1).message;
    arena.now = day(9);
    const request = await payees.synced.request(10n, day(10));
    await payees.synced.sync(1, day(9));
    const honest = refusalOf(await purse.run(purse.paying(request, payees.synced)));
    arena.now = day(0);
    const synced = await paysLate(purse, payees.synced);
    const offline = await paysLate(purse, payees.offline);
    await tellTime(arena, purse, day(9));
    const found = await attemptEach(
      purse,
      "put the clock back nine days: before the purse had heard of an issuer's time of today, and after",
      {
        'a payment past the offline window': () => purse.run(purse.paying(request, payees.synced)),
        'a payment for an expired request': () => purse.run(purse.paying(old, payees.offline)),
        'a payment by an expired certificate': () =>
          purse.run(showing(bygone, expired.certificate, own)),
      },
    );
    if (found.outcome !== 'prevented' || offline !== null) return found;
    const most = arena.scheme.policy.tiers.find(({ tier }) => tier === 1)?.totalMax ?? 0n;
    const remark = [
      `with a floor of nine days ago it paid past its offline window (without the trick: ${honest ?? 'paid too'}), and a payee with such a floor took it: ${most} at most, its limit between two syncs`,
      `a payee with the floor of today: ${synced ?? 'took it'}`,
      `once it has the floor of today itself: ${found.evidence.remark}`,
    ].join('. ');
    return finding('bounded', { ...found.evidence, remark });
  },
};

/** The code with which a late payment fails, at its payer or at its payee; null where it is taken. */
async function paysLate(payer: Purse, payee: Purse): Promise<string | null> {
  const request = await payee.request(10n, day(10));
  const paid = await payer.run(payer.paying(request, payee));
  if (!paid.ok) return paid.error.code;
  if (paid.value.kind !== 1) throw new Error('a payment is answered by a message');
  return refusalOf(await payee.run(payee.receiving(paid.value.message, request, payer)));
}

/** A clock that somebody moves a year ahead. */
export const CLOCK_FAST_FORWARD: Attack = {
  name: 'clock fast-forward',
  group: 'authority',
  attacker: 'network',
  reference: 'Selvi, Bypassing HTTP Strict Transport Security (Black Hat 2014)',
  aim: 'Have everything expire for good by moving the clock ahead once.',
  run: async (arena) => {
    const purse = await arena.purse({ amount: 100n });
    const payee = await arena.bystander();
    const request = await payee.request(10n);
    const ran =
      'moved the clock ahead by 400 days, paid and imported a list meanwhile, put it right, and paid';
    const before = await purse.hash();
    arena.now = day(400);
    // What it says under the wrong clock, before it does anything that changes it by right.
    const after = await purse.hash();
    const refusal = refusalOf(await purse.run(purse.paying(request, payee)));
    await purse.get(genuineList(arena, { version: 2, issuedAt: day(1) }), 0);
    arena.now = day(1);
    const { floor } = await purse.status();
    const later = await payee.request(10n, day(1) + 600);
    const afterwards = refusalOf(await purse.run(purse.paying(later, payee)));
    const evidence = { ran, before, after, refusal };
    if (floor !== day(1) || afterwards !== null) {
      const remark = `the floor is ${floor}, not ${day(1)}; with the clock right: ${afterwards ?? 'paid'}`;
      return finding('succeeded', { ...evidence, remark });
    }
    return refusal === null
      ? finding('prevented', {
          ...evidence,
          remark: 'it paid meanwhile, as if no clock had been moved',
        })
      : finding('bounded', {
          ...evidence,
          remark:
            'it paid nothing while the clock was wrong, and paid once it was right: its floor is that of the list that it imported meanwhile',
        });
  },
};
