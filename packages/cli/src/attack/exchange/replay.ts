import type { Attack } from '../attack.ts';
import { attempt } from '../attempt.ts';

export const REPLAY_TO_ANOTHER_PAYEE: Attack = {
  name: 'replay to another payee',
  group: 'exchange',
  attacker: 'network',
  reference: 'Syverson, A Taxonomy of Replay Attacks (CSFW 1994)',
  aim: 'Have a second payee take a payment that was made to the first.',
  run: async (arena) => {
    const payer = await arena.bystander({ amount: 100n });
    const [first, second] = [await arena.purse(), await arena.purse()];
    const request = await first.request(10n);
    const { message } = await payer.pay(request, first);
    const own = await second.request(10n);
    return attempt(
      second,
      "showed one payee's payment to another, with that one's own request",
      () => second.run(second.receiving(message, own, payer)),
    );
  },
};
