import { equal, type Result, unwrap } from '@tallystick/protocol';
import type { Attack } from '../attack.ts';
import { attempt as attemptOn, finding } from '../attempt.ts';
import { must } from './books.ts';
import { takeLoad } from './customer.ts';
import { keepCopy, MONEY, rollBack, Scene } from './scene.ts';

/** One balance, cashed in twice. */
export const UNLOAD_TWICE: Attack = {
  name: 'unload twice',
  group: 'reconciliation',
  attacker: 'file',
  reference: 'Karame et al., Double-Spending Fast Payments in Bitcoin (CCS 2012)',
  aim: 'Cash the same balance in twice.',
  run: async (arena) => {
    const scene = await Scene.at(arena);
    const { books, office } = scene;
    const payer = await scene.attacker({ amount: MONEY });
    await payer.sync();
    const putBack = await keepCopy(arena, payer);
    await payer.unload(MONEY);
    const upload = await payer.upload();
    await payer.visit(upload);
    must((await books.saved(payer)) === MONEY, 'the balance is cashed in');
    const before = await books.hash();
    must((await office.backend.sync(upload)).ok, 'the same upload is answered again');
    must((await books.hash()) === before, 'the same upload changes nothing');
    must((await books.saved(payer)) === MONEY, 'and pays nothing');
    const ran = 'cashed in, sent the same upload again';
    const next = 'cashed in once more';
    // One unit less: the very same amount would be the very same payment.
    const attempt = (): Promise<Result<unknown>> => payer.tryToUnload(MONEY - 1n);
    const nothing = await rollBack(payer, putBack, { ran, next, attempt });
    if (nothing !== null) return nothing;

    const flight = await books.inFlight();
    unwrap(await attempt());
    await payer.visit();
    must((await books.saved(payer)) === MONEY, 'nothing is paid a second time');
    must((await books.inFlight()) === flight + MONEY - 1n, 'the second unload is frozen');
    const proven = await books.demandConvicted(payer);
    const loss = await books.lossAt(payer);
    return finding('detected', {
      ran: `${ran}, put an old copy of the purse back, and ${next}`,
      before,
      after: await books.hash(),
      remark: `with the second unload itself, which is frozen in flight and never paid out, against a loss of ${loss} in the books; ${proven}; ${MONEY} was paid out, once`,
    });
  },
};

/** The issuer's own message, shown again. */
export const LOAD_ANSWER_REPLAY: Attack = {
  name: 'load answer replay',
  group: 'reconciliation',
  attacker: 'network',
  reference: 'Syverson, A Taxonomy of Replay Attacks (CSFW 1994)',
  aim: 'Be loaded twice by one message of the issuer.',
  run: async (arena) => {
    const scene = await Scene.at(arena);
    const { books } = scene;
    const purse = await scene.attacker({ saved: 2n * MONEY });
    const other = await scene.attacker();
    const request = await purse.request(MONEY);
    const load = await purse.fetchLoad(request);
    await purse.get(takeLoad(load, request), 6);
    await purse.sync();

    const own = await other.request(MONEY);
    const found = await attemptOn(
      purse,
      'asked the issuer for the same load again, showed its message to the purse again, and to a second purse',
      async () => {
        const again = await purse.fetchLoad(request);
        must(equal(again.payment, load.payment), 'the same request gets the same load');
        await purse.run(takeLoad(again, request));
        return other.run(takeLoad(again, own));
      },
    );
    must((await books.saved(purse)) === MONEY, 'the account is debited once');
    must((await purse.status()).balance === MONEY, 'the purse is loaded once');
    must((await other.status()).balance === 0n, 'the second purse is not loaded');
    await books.demandBalance();
    return found;
  },
};
