import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import { must } from './books.ts';
import { MONEY, Scene } from './scene.ts';

/** One payment, brought in twice. */
export const DOUBLE_CLAIM: Attack = {
  name: 'double claim',
  group: 'reconciliation',
  attacker: 'file',
  reference: 'Brands, Untraceable Off-line Cash in Wallets with Observers (CRYPTO 1993)',
  aim: 'Be credited twice for one payment, by bringing it in twice.',
  run: async (arena) => {
    const scene = await Scene.at(arena);
    const { books, office } = scene;
    const payer = await scene.other({ amount: MONEY });
    const payee = await scene.attacker();
    const paid = await payer.payTo(payee, MONEY);
    const copy = await scene.copyOf(payee);
    await payee.accept(paid, payer);
    const upload = await payee.upload();
    const reply = await payee.visit(upload);
    const before = await books.hash();
    must((await books.holds(payee)) === MONEY, 'the first claim was credited');

    const again = await office.backend.sync(upload);
    must(again.ok, 'the same upload is answered again');
    must(reply.refused.length === 0, 'nothing of the first was refused');
    if (typeof copy !== 'string') {
      await copy.accept(paid, payer);
      await copy.visit();
    }
    must((await books.holds(payee)) === MONEY, 'it holds what it was paid, once');
    const after = await books.hash();
    must(after === before, 'no second claim has moved anything');
    await books.demandBalance();
    const refusal = typeof copy === 'string' ? copy : null;
    const opened = refusal === null ? 'and claimed from it too' : 'which does not open';
    return finding('prevented', {
      ran: `sent the payee's upload twice; copied its storage to a second device, ${opened}`,
      before,
      after,
      refusal,
      remark: `credited once: ${MONEY}`,
    });
  },
};
