import { unwrap } from '@tallystick/protocol';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import { moneyOf, presenting, tap, voiding } from './tap.ts';

const MONEY = 100n;
const PRICE = 30n;
const BOOK = 'EMV Contactless Book C-2, torn transaction recovery';

/** The receipt is lost, and the payment is signed and presented again. */
export const TORN_TAP_DUPLICATION: Attack = {
  name: 'torn-tap duplication',
  group: 'exchange',
  attacker: 'network',
  reference: BOOK,
  aim: 'Have one payment counted twice by losing its receipt.',
  run: async (arena) => {
    const payer = await arena.bystander({ amount: MONEY });
    const payee = await arena.purse();
    const torn = await tap(payer, payee, PRICE);
    await payee.get(presenting(torn), 6);
    await payee.device.close();
    await payee.open();
    const before = await payee.hash();
    const again = await payer.get({ kind: 10, paymentId: torn.id }, 1);
    const result = await payee.run(presenting({ ...torn, payment: again.message }));
    const after = await payee.hash();
    const extra = (await moneyOf(payer, payee)) - MONEY;
    const isPrevented = before === after && extra === 0n;
    const answer = result.ok ? 'answered as before' : result.error.code;
    return finding(isPrevented ? 'prevented' : 'succeeded', {
      ran: `lost the receipt, restarted the payee, and presented the payment signed again (${answer})`,
      before,
      after,
      refusal: result.ok ? null : result.error.code,
      remark: isPrevented ? null : `${extra} more than there was`,
    });
  },
};

/** Every message that follows a debit is lost once: first the payment and its void, then a receipt. */
export const TORN_TAP_DESTRUCTION: Attack = {
  name: 'torn-tap destruction',
  group: 'exchange',
  attacker: 'network',
  reference: BOOK,
  aim: 'Have money debited and never credited by losing what follows the debit.',
  run: async (arena) => {
    const payer = await arena.bystander({ amount: MONEY });
    const payee = await arena.purse();
    const { certificate } = payee;
    const lost = await tap(payer, payee, PRICE);
    await payee.get(voiding(lost), 6);
    const { message: evidence } = await payee.get(voiding(lost), 6);
    if (evidence === null) throw new Error('the payee answered without its void');
    await payer.get({ kind: 9, evidence, certificate }, 0);
    const torn = await tap(payer, payee, PRICE);
    await payee.get(presenting(torn), 6);
    const before = await payee.hash();
    const { verdict, message: receipt } = await payee.get(voiding(torn), 6);
    const after = await payee.hash();
    if (receipt === null) throw new Error('the payee answered without its receipt');
    const taking = await payer.run({ kind: 9, evidence: receipt, certificate });
    if (verdict === 1) await payer.get({ kind: 8, receipt, certificate }, 0);
    const [left, got] = [await moneyOf(payer), await moneyOf(payee)];
    const isPrevented = before === after && left === MONEY - PRICE && got === PRICE;
    return finding(isPrevented ? 'prevented' : 'succeeded', {
      ran: [
        'lost a payment and its void, asked for the void again and took the money back;',
        `lost a receipt, asked for a void and got the ${verdict === 1 ? 'receipt' : 'void'}`,
        `again, which gives nothing back (${taking.ok ? 'taken' : taking.error.code})`,
      ].join(' '),
      before,
      after,
      refusal: taking.ok ? null : taking.error.code,
      remark: `of ${MONEY}, the payer holds ${left} and the payee ${got}`,
    });
  },
};

/** The payment is lost, and the payee never answers. */
export const TORN_TAP_GRIEFING: Attack = {
  name: 'torn-tap griefing',
  group: 'exchange',
  attacker: 'network',
  reference: BOOK,
  aim: 'Keep a payer from its money by losing a payment and every word of the payee.',
  run: async (arena) => {
    const payer = await arena.purse({ amount: MONEY });
    const payee = await arena.bystander();
    const before = await payer.hash();
    const { id } = await tap(payer, payee, PRICE);
    const after = await payer.hash();
    const { balance, open, syncedAt } = await payer.status();
    const until = (open[0]?.acceptBy ?? 0) - syncedAt;
    const statement = await payer.state();
    const { issuer } = payer.participant;
    const evidence = payer.participant.close(id, statement.id, syncedAt + until + 1);
    const back = await payer.run({ kind: 9, evidence, certificate: issuer.certificate });
    const isBack = back.ok && unwrap(back).kind === 0 && (await moneyOf(payer)) === MONEY;
    return finding(isBack ? 'bounded' : 'succeeded', {
      ran: `lost a payment of ${PRICE} after its debit; later the issuer closed it (${back.ok ? 'taken back' : back.error.code})`,
      before,
      after,
      refusal: back.ok ? null : back.error.code,
      remark: isBack
        ? `${MONEY - balance} of ${MONEY} are in doubt until the payee voids the payment, or until the issuer closes it after its last moment of acceptance, ${until / 3_600} hours after the last sync; then all of it is back`
        : `${MONEY - balance} of ${MONEY} do not come back`,
    });
  },
};
