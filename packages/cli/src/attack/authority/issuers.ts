import {
  type Bytes,
  type Cbor,
  decodeCbor,
  decodePurseCertificate,
  ES256,
  NO_EXTERNAL,
  payment as paymentCodec,
  requestDigest,
  unsignedCertificate,
} from '@tallystick/protocol';
import type { TestPurse } from '@tallystick/trusted-app/testing';
import type { Attack } from '../attack.ts';
import type { Purse } from '../purse.ts';
import { attemptEach } from './each.ts';
import { brokenPayer, day, forgedPayment, paymentFor, showing } from './messages.ts';

/** Genuine keys, each for something that it may not sign. */
export const ISSUER_KEY_MISUSE: Attack = {
  name: 'issuer-key misuse',
  group: 'authority',
  attacker: 'network',
  reference: 'RFC 5280, 4.2.1.9 / CVE-2002-0862',
  aim: 'Make money, or purses, with a key that the scheme certified for something else.',
  run: async (arena) => {
    const purse = await arena.purse({ amount: 100n });
    const [, other] = arena.scheme.participants;
    const { operator } = arena.scheme;
    const payee = await arena.bystander();
    const { id: paymentId } = await purse.pay(await payee.request(10n), payee);
    const statement = await purse.state();
    const request = await purse.request(10n);
    const money = paymentFor(purse, { value: { kind: 1, currency: 978, amount: 10n, hop: 0 } });
    const load = paymentCodec.encode(money);
    const broken = brokenPayer(arena, 'mallory');
    const child = brokenPayer(arena, 'child');
    const ofPurse = broken.forge(broken.certificate, claimsFor(child));
    const ofIssuer = other.issuer.sign(claimsFor(child), NO_EXTERNAL);
    const { issuer } = other;
    return attemptEach(purse, 'signed with genuine keys what those keys may not sign', {
      'a load by the issuer of another participant': () =>
        purse.run(
          showing(other.load(request, purse.certificate, 10n), issuer.certificate, request),
        ),
      'a load by the operator': () =>
        purse.run(
          showing(operator.sign(load, requestDigest(request)), operator.certificate, request),
        ),
      'a load by a purse': () =>
        purse.run(
          showing(
            forgedPayment(broken, broken.certificate, money, request),
            broken.certificate,
            request,
          ),
        ),
      'an answer by the issuer of another participant': () =>
        purse.run({
          kind: 12,
          answer: other.answer(statement.id, statement.to, 1, day(0)),
          certificate: issuer.certificate,
        }),
      'a closure by the issuer of another participant': () =>
        purse.run({
          kind: 9,
          evidence: other.close(paymentId, statement.id, day(0)),
          certificate: issuer.certificate,
        }),
      'a payment under a certificate that a purse issued': () =>
        purse.run(paymentUnder(child, ofPurse, purse, request)),
      'a payment under a certificate that an issuing key issued': () =>
        purse.run(paymentUnder(child, ofIssuer, purse, request)),
    });
  },
};

function paymentUnder(
  payer: TestPurse,
  certificate: Bytes,
  payee: Purse,
  request: Bytes,
): ReturnType<typeof showing> {
  const payment = forgedPayment(payer, certificate, paymentFor(payee), request);
  return showing(payment, certificate, request);
}

/** The claims of a purse's certificate, for somebody else to sign. */
function claimsFor({ certificate }: TestPurse): Cbor {
  const { key, profile, expires, subject, ref } = decodePurseCertificate(certificate);
  const claims = { key, profile, expires, subject };
  return decodeCbor(unsignedCertificate(claims, { alg: ES256, ref }).payload) as Cbor;
}
