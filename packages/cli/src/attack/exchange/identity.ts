import type { Attack } from '../attack.ts';
import { withSigner } from './altered.ts';
import { presenting, receiving, tap } from './tap.ts';
import { tryEach } from './tries.ts';

/** Whoever has a certificate over a key that it does not hold may pass for the one who does. */
export const IDENTITY_MISBINDING: Attack = {
  name: 'identity misbinding',
  group: 'exchange',
  attacker: 'app',
  reference: 'Blake-Wilson and Menezes, Unknown Key-Share Attacks (PKC 1999)',
  aim: 'Have a payee believe that a payment comes from somebody other than the one who made it.',
  run: async (arena) => {
    const payer = await arena.bystander({ amount: 100n });
    const other = await arena.bystander();
    const payee = await arena.purse();
    const paid = await tap(payer, payee, 10n);
    // An authority that asks nobody for proof of possession certifies the payer's key once more.
    const sameKey = arena.scheme.participants[0].certify(payer.key);
    const { request, payment } = paid;
    const show = (what: string, bytes: Uint8Array, certificate: Uint8Array) => ({
      purse: payee,
      what,
      command: receiving(bytes, request, certificate),
    });
    return tryEach(
      [
        show('showed a payment with the certificate of another', payment, other.certificate),
        show(
          'named that certificate in the payment',
          withSigner(payment, other.certificate),
          other.certificate,
        ),
        show("showed it with a second certificate over the payer's own key", payment, sameKey),
        show('named that second one in the payment', withSigner(payment, sameKey), sameKey),
      ],
      [{ purse: payee, what: 'the payment as it was made was taken', command: presenting(paid) }],
    );
  },
};
