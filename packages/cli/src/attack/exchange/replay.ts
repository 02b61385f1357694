import type { Attack } from '../attack.ts';
import { attempt } from '../attempt.ts';
import { presenting, tap } from './tap.ts';
import { type Try, tryEach } from './tries.ts';

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

export const REPLAY_TO_ANOTHER_SESSION: Attack = {
  name: 'replay to another session',
  group: 'exchange',
  attacker: 'network',
  reference: 'Syverson, A Taxonomy of Replay Attacks (CSFW 1994)',
  aim: 'Settle a second request of one payee with the payment that settled the first.',
  run: async (arena) => {
    const payer = await arena.bystander({ amount: 100n });
    const payee = await arena.purse();
    const first = await tap(payer, payee, 10n);
    await payee.get(presenting(first), 6);
    const second = await tap(payer, payee, 10n);
    return tryEach(
      [
        {
          purse: payee,
          what: 'showed an accepted payment for a later request of the same amount',
          command: presenting({ ...first, request: second.request }),
        },
      ],
      [
        {
          purse: payee,
          what: 'the payment for that request was taken',
          command: presenting(second),
        },
      ],
    );
  },
};

/** Requests that the attacker waits for after it has collected a payment. */
const LATER = 8;

/** Works where nonces repeat, which is up to the random numbers of the payee's environment. */
export const PRE_PLAY: Attack = {
  name: 'pre-play',
  group: 'exchange',
  attacker: 'network',
  reference: 'Bond et al., Chip and Skim: the pre-play attack (IEEE S&P 2014)',
  aim: 'Collect a payment for one request, and play it when a later request looks the same.',
  run: async (arena) => {
    const payer = await arena.bystander({ amount: 100n });
    const payee = await arena.purse();
    const collected = await tap(payer, payee, 10n);
    const tries: Try[] = [];
    for (let count = 0; count < LATER; count++) {
      const command = presenting({ ...collected, request: await payee.request(10n) });
      tries.push({ purse: payee, what: 'played a payment against a request made later', command });
    }
    return tryEach(tries, [
      {
        purse: payee,
        what: 'it was taken for the request that it answers',
        command: presenting(collected),
      },
    ]);
  },
};
