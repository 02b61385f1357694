import type { Arena } from '../arena.ts';
import type { Attack, Finding } from '../attack.ts';
import { finding } from '../attempt.ts';
import { must } from './books.ts';
import { keepCopy, MONEY, rollBack, Scene } from './scene.ts';

/** Payees cash in what their payer never had, and before the payer says anything. */
export const OUT_OF_ORDER_INSOLVENCY: Attack = {
  name: 'out-of-order insolvency',
  group: 'reconciliation',
  attacker: 'file',
  reference: 'CPMI-IOSCO, Principles for Financial Market Infrastructures, 8 (settlement finality)',
  aim: 'Have payees cash in more than the payer ever had, before the payer has synced.',
  run: (arena) =>
    spendTwice(arena, {
      whom: 'another payee',
      order: '; both cashed in, in turn, and the payer never synced again',
      isFirstInAHurry: true,
    }),
};

/** The same, with the second payee in on it. */
export const COLLUDING_PAYEE_LAUNDERING: Attack = {
  name: 'colluding-payee laundering',
  group: 'reconciliation',
  attacker: 'file',
  reference: 'Chaum, Fiat and Naor, Untraceable Electronic Cash (CRYPTO 1988)',
  aim: 'Pay an accomplice with money that is spent already, who cashes in before the victim syncs.',
  run: (arena) =>
    spendTwice(arena, {
      whom: 'an accomplice',
      order: ', who cashed in at once, and before the first payee did',
      isFirstInAHurry: false,
    }),
};

interface SecondPayment {
  readonly whom: string;
  readonly order: string;
  readonly isFirstInAHurry: boolean;
}

/** Spends all of a purse's money twice; each payee brings its payment in and cashes in, one after the other. */
async function spendTwice(
  arena: Arena,
  { whom, order, isFirstInAHurry }: SecondPayment,
): Promise<Finding> {
  const scene = await Scene.at(arena);
  const { books } = scene;
  const payer = await scene.attacker({ amount: MONEY });
  const [first, second] = [await scene.other(), await scene.other()];
  await payer.sync();
  const putBack = await keepCopy(arena, payer);
  await payer.payInFull(first, MONEY);
  const nothing = await rollBack(payer, putBack, {
    ran: 'paid all of its money',
    next: `paid it again to ${whom}`,
    attempt: () => payer.tryToPay(second, MONEY),
  });
  if (nothing !== null) return nothing;
  await payer.payInFull(second, MONEY);

  const before = await books.hash();
  const [early, late] = isFirstInAHurry ? [first, second] : [second, first];
  await early.redeem(MONEY);
  must((await books.saved(early)) === MONEY, 'whoever comes first is paid');
  must((await books.row(payer.id)).standing === 'sound', 'nothing is known yet');
  await late.redeem(MONEY);
  must((await books.saved(late)) === MONEY, 'whoever comes later is paid');
  const proven = await books.demandConvicted(payer);
  const loss = await books.lossAt(payer);
  return finding('detected', {
    ran: `paid all of its money, put an old copy of the purse back, and paid it again to ${whom}${order}`,
    before,
    after: await books.hash(),
    remark: `when the second payee syncs: ${proven}; both payees are paid; ${loss} lost, which its holder owes`,
  });
}
