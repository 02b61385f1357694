import { valueOf } from '../../bench/office.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import { must } from './books.ts';
import { MONEY, Scene } from './scene.ts';

const PRICE = MONEY / 4n;

/** A refund for a device that is not lost. */
export const LOSS_REPORTED_THEN_SPENT: Attack = {
  name: 'loss-reported-then-spent',
  group: 'reconciliation',
  attacker: 'app',
  reference: 'BIS Project Polaris, part 2: a security and resilience framework for CBDC (2023)',
  aim: 'Report a device lost, spend what is in it, and be refunded as well.',
  run: async (arena) => {
    const scene = await Scene.at(arena);
    const { books, office } = scene;
    const payer = await scene.attacker({ amount: MONEY });
    const [informed, honest, accomplice] = [
      await scene.other(),
      await scene.other(),
      await scene.other(),
    ];
    await payer.sync();
    const before = await books.hash();
    const { purse } = valueOf(await office.backend.reportLost(payer.id));
    must(purse.revokedAt !== null, 'the purse that is reported is revoked');
    await informed.sync();
    const refused = await informed.tryToAccept(await payer.payTo(informed, PRICE), payer);
    must(!refused.ok, 'a payee with the new list refuses');

    // Neither of the two has been online since: by their lists the payer is sound.
    await payer.payInFull(honest, PRICE);
    await payer.payInFull(accomplice, PRICE);
    await honest.redeem(PRICE);
    must((await books.saved(honest)) === PRICE, 'an honest payee is paid');
    scene.pass((purse.horizon ?? 0) - office.clock() + 1);
    // Whatever is asked of the office may have made the refund that is due already.
    await office.backend.refundLost();
    const { refunded } = await books.row(payer.id);
    must(refunded === MONEY - PRICE, 'the refund is what has not surfaced');
    must((await books.lossAt(payer)) === 0n, 'nothing is lost yet');
    await accomplice.redeem(PRICE);
    must((await books.saved(accomplice)) === PRICE, 'a late claim is paid too');
    const loss = await books.lossAt(payer);
    must(loss <= refunded, 'no more is lost than was refunded');
    await books.demandBalance();
    return finding('bounded', {
      ran: 'reported the device lost, paid three with it, one of whom brought the payment in only after the refund',
      before,
      after: await books.hash(),
      refusal: refused.ok ? null : refused.error.code,
      remark: `a payee with the new list refused; ${PRICE} claimed in time came off the refund of ${refunded}; ${loss} claimed after it is lost, of ${refunded} at most, with a claim against the holder of purse ${payer.id}`,
    });
  },
};
