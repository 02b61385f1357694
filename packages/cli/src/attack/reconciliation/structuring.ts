import type { Result } from '@tallystick/protocol';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import { must } from './books.ts';
import type { Customer } from './customer.ts';
import { Scene } from './scene.ts';

/** Money in the account, of which the purse takes as much as it may hold, twice. */
const LOADED = 80_000n;

/** Many payments that are each too small to be asked about. */
export const STRUCTURING: Attack = {
  name: 'structuring',
  group: 'reconciliation',
  attacker: 'app',
  reference: 'FATF Recommendations, 10 and 16',
  aim: 'Pay a large sum without PIN and without being looked at, in payments below every limit.',
  run: async (arena) => {
    const scene = await Scene.at(arena);
    const { books, office } = scene;
    const tier = office.scheme.tiers.find(({ paymentMax }) => paymentMax > 0n);
    if (tier === undefined) throw new Error('nobody may pay in this scheme');
    const price = tier.stepUpAbove;
    const payer = await scene.attacker({ amount: LOADED, saved: LOADED });
    await payer.sync();
    const before = await books.hash();

    const first = await scene.other();
    const capped = await payUntilRefused(payer, first, price);
    await payer.load(LOADED / 2n);
    const second = await scene.other();
    const spent = await payUntilRefused(payer, second, price);
    must(capped.sum === tier.payerCap, 'one payee takes as much from one payer as its cap');
    // What its payee refused stays in doubt, and counts.
    const signed = capped.sum + price + spent.sum;
    must(signed === tier.totalMax, 'the payer signs as much as its total, and no more');
    await payer.sync();
    for (const payee of [first, second]) await payee.sync();
    must((await books.holds(first)) === capped.sum, 'the first payee is paid');
    must((await books.holds(second)) === spent.sum, 'the second payee is paid');
    await books.demandBalance();
    return finding('bounded', {
      ran: `paid ${price} at a time, the most that needs no PIN: one payee until it was refused, then a second`,
      before,
      after: await books.hash(),
      refusal: spent.refusal,
      remark: `${capped.sum} to one payee in ${capped.count} payments, then its cap refused with ${capped.refusal}; ${spent.sum} to the next in ${spent.count}, then the payer's own purse refused with ${spent.refusal}; ${signed} in all, with the one that was refused, is the most between two syncs whatever the amounts, and a sync shows the books every one`,
    });
  },
};

interface Structured {
  readonly count: number;
  readonly sum: bigint;
  readonly refusal: string;
}

/** Pays the same amount again and again, until payer or payee refuses. */
async function payUntilRefused(
  payer: Customer,
  payee: Customer,
  price: bigint,
): Promise<Structured> {
  for (let count = 0; ; count++) {
    const outcome = await pay(payer, payee, price);
    if (!outcome.ok) return { count, sum: price * BigInt(count), refusal: outcome.error.code };
  }
}

async function pay(payer: Customer, payee: Customer, price: bigint): Promise<Result<unknown>> {
  const request = await payee.request(price);
  const paid = await payer.run(payer.paying(request, payee));
  if (!paid.ok) return paid;
  must(paid.value.kind === 1, 'a payment is signed');
  return payee.tryToAccept({ message: paid.value.message, request }, payer);
}
