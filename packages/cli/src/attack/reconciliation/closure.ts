import type { Result } from '@tallystick/protocol';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import { must } from './books.ts';
import { keepCopy, MONEY, rollBack, Scene } from './scene.ts';

const MINUTE = 60;

/** A payment that its payer has taken back, claimed all the same. */
export const LATE_CLAIM_AFTER_CLOSURE: Attack = {
  name: 'late claim after closure',
  group: 'reconciliation',
  attacker: 'file',
  reference:
    'Asokan, Shoup and Waidner, Optimistic Fair Exchange of Digital Signatures (EUROCRYPT 1998)',
  aim: 'Say that a payment never came, so that its payer takes it back, and claim it afterwards.',
  run: async (arena) => {
    const scene = await Scene.at(arena);
    const { books, office } = scene;
    const { acceptMinutes, claimSeconds } = office.scheme;
    const paidAt = office.clock();
    const payer = await scene.other({ amount: MONEY });
    const payee = await scene.attacker();
    const shop = await scene.other();
    await payer.sync();
    const paid = await payer.payTo(payee, MONEY);
    const putBack = await keepCopy(arena, payee);

    await payer.sync();
    scene.pass(acceptMinutes * MINUTE + MINUTE);
    // The first answer lifts the floor, and the second statement says that the log lacks the payment.
    for (let each = 0; each < 2; each++) await payee.sync();
    const { closures } = await payer.visit();
    for (const closure of closures) await payer.restore(closure);
    await payer.sync();
    must((await payer.status()).balance === MONEY, 'the payer took its money back');
    scene.pass(claimSeconds);
    const before = await books.hash();
    const late = await payee.tryToAccept(paid, payer);
    must(!late.ok, 'the purse itself refuses what is late');
    const refusal = late.error.code;
    const ran = 'stated a log without the payment until it was closed and taken back';
    const next = 'accepted it after the claim window, with the clock set back';
    scene.setDeviceClocks(paidAt);
    const attempt = (): Promise<Result<unknown>> => payee.tryToAccept(paid, payer);
    const nothing = await rollBack(payee, putBack, { ran, next, attempt });
    if (nothing !== null) return nothing;

    await payee.accept(paid, payer);
    await payee.payInFull(shop, MONEY);
    // An answer from what looks like the far future would be refused.
    scene.setDeviceClocks(office.clock());
    await payee.visit();
    must((await books.holds(payer)) === MONEY, 'the payer has its money back');
    await shop.redeem(MONEY);
    must((await books.saved(shop)) === MONEY, 'the shop is paid');
    const proven = await books.demandConvicted(payee);
    const loss = await books.lossAt(payee);
    must(loss === MONEY, 'the late claim is not credited');
    return finding('detected', {
      ran: `${ran}, put an old copy of the purse back, ${next}, passed the money on to a shop that had been offline, and claimed it`,
      before,
      after: await books.hash(),
      refusal,
      remark: `with the claim itself: a closure outweighs a late receipt, which is not credited; ${proven}; payer and shop have their money; ${loss} lost, which its holder owes; without the old copy, its own purse refuses with ${refusal}`,
    });
  },
};
