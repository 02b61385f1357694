import type { Command } from '@tallystick/trusted-app';
import { payCommand, START } from '@tallystick/trusted-app/testing';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import { receiving } from './tap.ts';
import { hashOf } from './tries.ts';

const MONEY = 100n;
const CODE: Command = {
  kind: 4,
  currency: 978,
  amount: null,
  expires: START + 600,
  isStatic: true,
};

/** A code on the counter has no nonce of its own for each customer. */
export const QR_SCREENSHOT_REUSE: Attack = {
  name: 'QR screenshot reuse',
  group: 'exchange',
  attacker: 'app',
  reference:
    'EMVCo, QR Code Specification for Payment Systems: Merchant-Presented Mode (static point of initiation)',
  aim: 'Show one payment to a static code again, where it was shown before and at the next counter.',
  run: async (arena) => {
    const payer = await arena.bystander({ amount: MONEY });
    const [point, next] = [await arena.purse(), await arena.purse()];
    const { message: code } = await point.get(CODE, 1);
    const { message: nextCode } = await next.get(CODE, 1);
    const paying = payCommand(code, point.certificate, { amount: 10n });
    const { message: payment } = await payer.get(paying, 1);
    await point.get(receiving(payment, code, payer.certificate), 6);
    const before = await hashOf([point, next]);
    const same = await point.run(receiving(payment, code, payer.certificate));
    const other = await next.run(receiving(payment, code, payer.certificate));
    const otherCode = await next.run(receiving(payment, nextCode, payer.certificate));
    const after = await hashOf([point, next]);
    const isPrevented = before === after && !other.ok && !otherCode.ok;
    const saying = (result: typeof same): string => (result.ok ? 'taken' : result.error.code);
    return finding(isPrevented ? 'prevented' : 'succeeded', {
      ran: [
        `showed a payment again at its acceptance point (${same.ok ? 'answered as before, nothing credited' : same.error.code}),`,
        `at another one with the first code (${saying(other)}), and with that one's own (${saying(otherCode)})`,
      ].join(' '),
      before,
      after,
      refusal:
        [other, otherCode].flatMap((each) => (each.ok ? [] : [each.error.code])).join(', ') || null,
      remark: isPrevented
        ? 'where it was accepted, the same receipt comes again: the wallet has to tell the clerk that nothing new was paid'
        : null,
    });
  },
};
