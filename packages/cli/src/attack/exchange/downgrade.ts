import { createHmac } from 'node:crypto';
import {
  type Cbor,
  concat,
  decodeSigned,
  ED25519,
  requestDigest,
  toBeSigned,
} from '@tallystick/protocol';
import type { Attack } from '../attack.ts';
import { rogueFields, rogueOf, roguePayment, withAlgorithm } from './altered.ts';
import { presenting, receiving, tap } from './tap.ts';
import { type Try, tryEach } from './tries.ts';

/** COSE identifiers of algorithms that this scheme does not have, or whose name says less. */
const [RS256, EDDSA, HS256, NONE] = [-257, -8, 5, 0];

export const ALGORITHM_DOWNGRADE: Attack = {
  name: 'algorithm downgrade',
  group: 'exchange',
  attacker: 'network',
  reference: 'RFC 8725, 2.1 and 3.1 (algorithm substitution)',
  aim: 'Have a payment verified with a weaker algorithm, or with a key that is used as another thing.',
  run: async (arena) => {
    const payer = await arena.bystander({ amount: 100n });
    const payee = await arena.purse();
    const paid = await tap(payer, payee, 10n);
    const signed = decodeSigned(paid.payment, requestDigest(paid.request));
    // The public key as if it were the shared secret of a MAC.
    const mac = createHmac('sha256', payer.key.bytes).update(toBeSigned(signed)).digest();
    const show = (what: string, payment: Uint8Array): Try => ({
      purse: payee,
      what,
      command: presenting({ ...paid, payment }),
    });
    return tryEach(
      [
        show('named Ed25519 for an ES256 signature', withAlgorithm(paid.payment, ED25519)),
        show('named EdDSA', withAlgorithm(paid.payment, EDDSA)),
        show('named RSA', withAlgorithm(paid.payment, RS256)),
        show(
          'made a MAC under the public key',
          withAlgorithm(paid.payment, HS256, new Uint8Array(mac)),
        ),
        show('left the signature out', withAlgorithm(paid.payment, NONE, new Uint8Array(0))),
      ],
      [{ purse: payee, what: 'the payment as it was made was taken', command: presenting(paid) }],
    );
  },
};

/** Messages have no version: a kind, one layout, and no room for what a reader might pass over. */
export const VERSION_DOWNGRADE: Attack = {
  name: 'version downgrade',
  group: 'exchange',
  attacker: 'app',
  reference:
    'Wagner and Schneier, Analysis of the SSL 3.0 Protocol (USENIX Electronic Commerce 1996)',
  aim: 'Have a payment read by the rules of another kind, layout or version, all of it properly signed.',
  run: async (arena) => {
    const payee = await arena.purse();
    const rogue = rogueOf(arena);
    const withdrawn = rogueOf(arena, { measurement: 0 });
    const request = await payee.request(10n);
    const fields = rogueFields(payee, {});
    const sign = (what: string, changed: readonly Cbor[], from = rogue): Try => {
      const payment = roguePayment(from, changed, request);
      return { purse: payee, what, command: receiving(payment, request, from.certificate) };
    };
    const sound = roguePayment(rogue, fields, request);
    // Tag 18 names a COSE_Sign1 where a message does not say what it is.
    const tagged = concat(Uint8Array.of(0xd2), sound);
    return tryEach(
      [
        sign('signed a payment of an unknown kind', [99, ...fields.slice(1)]),
        sign(
          'of an unknown kind of value',
          fields.map((each, at) => (at === 4 ? [2, 978, 10, 1] : each)),
        ),
        sign('with a field less', fields.slice(0, -1)),
        sign('with a field more', [...fields, 2]),
        sign('from an application that no policy lists any more', fields, withdrawn),
        {
          purse: payee,
          what: 'and in the tagged form of COSE',
          command: receiving(tagged, request, rogue.certificate),
        },
      ],
      [sign('a payment of the only kind and layout was taken', fields)],
    );
  },
};
