import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import type { Purse } from '../purse.ts';

const PIN = Uint8Array.from([0x31, 0x32, 0x33, 0x34]);
const MONEY = 40_000n;

/** Spread over payees, so that no payee's own cap on one payer is what ends it. */
export const CAP_EVASION: Attack = {
  name: 'cap evasion by many small payments',
  group: 'exchange',
  attacker: 'app',
  reference: 'FATF Recommendation 10 (several operations that appear to be linked)',
  aim: 'Empty a stolen purse without its PIN, in payments that each need none.',
  run: async (arena) => {
    const { stepUpAbove: price } = arena.scheme.policy.tiers[0] ?? { stepUpAbove: 1n };
    const payer = await arena.purse({ amount: MONEY, pin: PIN });
    const payees = [await arena.bystander(), await arena.bystander()];
    const before = await payer.hash();
    const { sum, refusal } = await payUntilRefused(payer, payees, price);
    const after = await payer.hash();
    return finding(refusal === null ? 'succeeded' : 'bounded', {
      ran: `paid ${price} at a time without a PIN, to two payees in turn, until it was refused`,
      before,
      after,
      refusal,
      remark: `${sum} of ${MONEY} gone in ${sum / price} payments; the count starts again with a sync`,
    });
  },
};

interface Spent {
  readonly sum: bigint;
  /** Null where the money was all that ended it. */
  readonly refusal: string | null;
}

async function payUntilRefused(
  payer: Purse,
  payees: readonly Purse[],
  price: bigint,
): Promise<Spent> {
  let sum = 0n;
  while (sum + price <= MONEY) {
    for (const payee of payees) {
      const request = await payee.request(price);
      const paid = await payer.run(payer.paying(request, payee));
      if (!paid.ok) return { sum, refusal: paid.error.code };
      if (paid.value.kind !== 1) throw new Error('a payment was answered with something else');
      await payee.receive(paid.value.message, request, payer);
      sum += price;
    }
  }
  return { sum, refusal: null };
}
