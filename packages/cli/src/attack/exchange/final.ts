import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import { presenting, tap, voiding } from './tap.ts';

/** One payment that was accepted is to be voided, one that was voided is to be accepted. */
export const VOID_AFTER_ACCEPTANCE: Attack = {
  name: 'void after acceptance',
  group: 'exchange',
  attacker: 'network',
  reference:
    'Asokan, Shoup and Waidner, Optimistic Fair Exchange of Digital Signatures (EUROCRYPT 1998)',
  aim: 'Get a receipt and a void for one payment, so that the payee and the payer both have the money.',
  run: async (arena) => {
    const payer = await arena.bystander({ amount: 100n });
    const payee = await arena.purse();
    const accepted = await tap(payer, payee, 10n);
    await payee.get(presenting(accepted), 6);
    const voided = await tap(payer, payee, 20n);
    await payee.get(voiding(voided), 6);
    const before = await payee.hash();
    const asked = await payee.get(voiding(accepted), 6);
    const shown = await payee.run(presenting(voided));
    const after = await payee.hash();
    const isPrevented = before === after && asked.verdict === 1 && !shown.ok;
    const answers = [
      `asked to void an accepted payment (answered with its ${asked.verdict === 1 ? 'receipt' : 'void'})`,
      `and to accept a voided one (${shown.ok ? 'taken' : shown.error.code})`,
    ];
    return finding(isPrevented ? 'prevented' : 'succeeded', {
      ran: answers.join(' '),
      before,
      after,
      refusal: shown.ok ? null : shown.error.code,
    });
  },
};
