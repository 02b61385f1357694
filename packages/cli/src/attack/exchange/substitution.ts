import { payCommand } from '@tallystick/trusted-app/testing';
import type { Attack } from '../attack.ts';
import {
  rogueFields,
  rogueOf,
  roguePayment,
  rogueRequest,
  withRequest,
  withSigner,
  withValue,
} from './altered.ts';
import { presenting, receiving, tap } from './tap.ts';
import { type Try, tryEach } from './tries.ts';

const REFERENCE = 'Dolev and Yao, On the Security of Public Key Protocols (FOCS 1981)';
const PRICE = 10n;
const DOLLAR = 840;

export const PAYEE_SUBSTITUTION: Attack = {
  name: 'payee substitution',
  group: 'exchange',
  attacker: 'network',
  reference: REFERENCE,
  aim: 'Have a payment go to the attacker by putting its certificate on the request of the payee.',
  run: async (arena) => {
    const payer = await arena.purse({ amount: 100n });
    const [payee, thief] = [await arena.bystander(), await arena.bystander()];
    const request = await payee.request(PRICE);
    const { certificate } = thief;
    const pay = (what: string, ...asked: Parameters<typeof payCommand>): Try => ({
      purse: payer,
      what,
      command: payCommand(...asked),
    });
    return tryEach(
      [
        pay("showed a payee's request with the thief's certificate", request, certificate),
        pay('named that certificate in the request', withSigner(request, certificate), certificate),
      ],
      [pay('the request as it was made was paid', request, payee.certificate)],
      "a request of the thief's own is paid where the holder confirms it: what a screen shows is not protected as what is signed is",
    );
  },
};

export const AMOUNT_SUBSTITUTION: Attack = {
  name: 'amount substitution',
  group: 'exchange',
  attacker: 'network',
  reference: REFERENCE,
  aim: 'Have the payer pay more than was asked, or the payee take less, by changing an amount on its way.',
  run: async (arena) => {
    const payer = await arena.purse({ amount: 100n });
    const payee = await arena.purse({ participant: 1 });
    const rogue = rogueOf(arena);
    const paid = await tap(payer, payee, PRICE);
    const request = await payee.request(PRICE);
    const raised = withRequest(request, { amount: 2n * PRICE });
    const less = rogueFields(payee, { value: { kind: 1, currency: 978, amount: 1n, hop: 1 } });
    const payCommandOf = (asked = request, amount: bigint | null = null): Try['command'] =>
      payCommand(asked, payee.certificate, { amount, despiteDoubt: true });
    return tryEach(
      [
        { purse: payer, what: 'raised the amount of a request', command: payCommandOf(raised) },
        {
          purse: payer,
          what: 'had the payer told to pay more than its request says',
          command: payCommandOf(request, 2n * PRICE),
        },
        {
          purse: payee,
          what: 'raised the amount of a payment',
          command: presenting({
            ...paid,
            payment: withValue(paid.payment, { amount: 2n * PRICE }),
          }),
        },
        {
          purse: payee,
          what: 'signed a payment of less than was asked',
          command: receiving(roguePayment(rogue, less, request), request, rogue.certificate),
        },
      ],
      [
        { purse: payer, what: 'the request as it was made was paid', command: payCommandOf() },
        { purse: payee, what: 'the payment as it was made was taken', command: presenting(paid) },
      ],
    );
  },
};

export const CURRENCY_SUBSTITUTION: Attack = {
  name: 'currency substitution',
  group: 'exchange',
  attacker: 'app',
  reference: REFERENCE,
  aim: 'Settle a request in another currency, in which the same number is worth less or more.',
  run: async (arena) => {
    const payer = await arena.purse({ amount: 100n });
    const payee = await arena.purse({ participant: 1 });
    const rogue = rogueOf(arena);
    const paid = await tap(payer, payee, PRICE);
    const request = await payee.request(PRICE);
    const value = { kind: 1, currency: DOLLAR, amount: PRICE, hop: 1 } as const;
    const foreign = roguePayment(rogue, rogueFields(payee, { value }), request);
    const dollars = withRequest(request, { currency: DOLLAR });
    const asked = rogueRequest(rogue, DOLLAR, PRICE);
    const paying = (bytes = request, certificate = payee.certificate): Try['command'] =>
      payCommand(bytes, certificate, { despiteDoubt: true });
    return tryEach(
      [
        { purse: payer, what: 'changed the currency of a request', command: paying(dollars) },
        {
          purse: payer,
          what: 'signed a request in another currency',
          command: paying(asked, rogue.certificate),
        },
        {
          purse: payee,
          what: 'changed the currency of a payment',
          command: presenting({ ...paid, payment: withValue(paid.payment, { currency: DOLLAR }) }),
        },
        {
          purse: payee,
          what: 'signed a payment in another currency',
          command: receiving(foreign, request, rogue.certificate),
        },
      ],
      [
        { purse: payer, what: 'the request as it was made was paid', command: paying() },
        { purse: payee, what: 'the payment as it was made was taken', command: presenting(paid) },
      ],
    );
  },
};
