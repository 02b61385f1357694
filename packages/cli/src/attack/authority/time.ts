import { timeReset } from '@tallystick/protocol';
import type { Arena } from '../arena.ts';
import type { Attack, Finding } from '../attack.ts';
import { attempt, finding } from '../attempt.ts';
import type { Purse } from '../purse.ts';
import { attemptEach, refusalOf } from './each.ts';
import { adopting, day, importing, tellTime } from './messages.ts';

/** A time that an issuer signed by mistake, or a thief of its key. */
export const TIME_BEACON_FROM_THE_FUTURE: Attack = {
  name: 'time beacon from the future',
  group: 'authority',
  attacker: 'network',
  reference: 'RFC 7384, 3.2.4',
  aim: 'Have everything expire for good by one signed time that is far ahead.',
  run: async (arena) => {
    const purse = await arena.purse();
    const { scheme } = arena;
    const { certificate } = purse.participant.issuer;
    const { id, to } = await purse.state();
    const answer = purse.participant.answer(id, to, 1, BEACON);
    const policy = scheme.signPolicy({ version: 2, issuedAt: BEACON });
    const list = scheme.signList({ version: 2, issuedAt: BEACON });
    const found = await attemptEach(purse, 'brought issuer-signed times of 400 days ahead', {
      'in a list': () => purse.run(importing(list, scheme.operator)),
      'in a policy': () => purse.run(adopting(policy)),
      'in an answer': () => purse.run({ kind: 12, answer, certificate }),
    });
    return found.outcome === 'prevented' ? found : recovered(arena, purse, found);
  },
};

/** After the expiry of every certificate, and beyond the skew. */
const BEACON = day(400);

/** What a purse that believed a wrong time is worth then, and after the root has set its time back. */
async function recovered(arena: Arena, purse: Purse, found: Finding): Promise<Finding> {
  const payer = await arena.bystander({ amount: 100n });
  const request = await purse.request(10n);
  const { message } = await payer.pay(request, purse);
  const shown = purse.receiving(message, request, payer);
  const refusal = refusalOf(await purse.run(shown));
  const reset = arena.scheme.signByRoot(timeReset.encode({ version: 1, floor: day(0) }));
  const back = refusalOf(await purse.run({ kind: 16, reset }));
  const next = await purse.request(10n);
  const later = await payer.pay(next, purse);
  const again = refusalOf(await purse.run(purse.receiving(later.message, next, payer)));
  const isBounded = back === null && again === null;
  const said = `${found.evidence.remark}; a payment then: ${refusal ?? 'accepted'}; after the root's time reset: ${back ?? again ?? 'accepted'}`;
  return finding(isBounded ? 'bounded' : 'succeeded', {
    ...found.evidence,
    refusal,
    remark: `it believed signed times that far ahead, and took nothing until the root had set it back. ${said}`,
  });
}

const STEPS = 14;
const STEP_DAYS = 29;

/** The same, by steps that are each within what is believed. */
export const TIME_STAIRCASE: Attack = {
  name: 'staircase of time beacons',
  group: 'authority',
  attacker: 'network',
  reference:
    'Malhotra et al., Attacking the Network Time Protocol (NDSS 2016), 4 (small-step-big-step)',
  aim: 'Have everything expire for good by many signed times, each a little further ahead.',
  run: async (arena) => {
    const purse = await arena.purse();
    const before = await purse.hash();
    let taken = 0;
    for (let step = 1; step <= STEPS; step++) {
      const issuedAt = day(step * STEP_DAYS);
      const list = arena.scheme.signList({ version: 1 + step, issuedAt });
      if (refusalOf(await purse.run(importing(list, arena.scheme.operator))) === null) taken += 1;
    }
    const after = await purse.hash();
    const ran = `brought ${STEPS} lists signed for ${STEP_DAYS} days ahead each, one after the other, while the clock was right`;
    const { floor } = await purse.status();
    if (floor <= day(365)) {
      const remark = `${taken} of ${STEPS} believed; its floor is ${(floor - day(0)) / 86_400} days ahead`;
      return finding('bounded', { ran, before, after, remark });
    }
    return recovered(
      arena,
      purse,
      finding('succeeded', {
        ran,
        before,
        after,
        remark: `${taken} of them were believed: its floor is ${(floor - day(0)) / 86_400} days ahead`,
      }),
    );
  },
};

/** A payment that is held back until its payer has the money again. */
export const LATE_ACCEPTANCE: Attack = {
  name: 'late acceptance',
  group: 'authority',
  attacker: 'network',
  reference: 'Gong, A Security Risk of Depending on Synchronized Clocks (ACM OSR 1992)',
  aim: 'Have a payment accepted after its payer was given the money back.',
  run: async (arena) => {
    const payee = await arena.purse();
    const payer = await arena.bystander({ amount: 100n });
    const request = await payee.request(10n);
    const { message, id } = await payer.pay(request, payee);
    arena.now = day(2);
    await tellTime(arena, payee, day(2));
    const statement = await payee.state();
    await payee.sync(1, day(2));
    const evidence = payer.participant.close(id, statement.id, day(2));
    await payer.get({ kind: 9, evidence, certificate: payer.participant.issuer.certificate }, 0);
    const shown = payee.receiving(message, request, payer);
    const found = await attempt(
      payee,
      'held a payment back until its last moment was over, the issuer had closed it and its payer had it back; then showed it',
      () => payee.run(shown),
    );
    const { balance } = await payer.status();
    const remark = `the payer has ${balance} of 100 again`;
    return { ...found, evidence: { ...found.evidence, remark } };
  },
};
