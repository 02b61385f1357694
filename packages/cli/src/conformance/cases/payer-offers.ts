import { decodePurseCertificate, encodeCbor, encodeFrame } from '@tallystick/protocol';
import { START, testScheme } from '@tallystick/trusted-app/testing';
import type { Bench } from '../bench/bench.ts';
import { counterpart, offering, stranger } from '../bench/counterpart.ts';
import { expectUnpaid, payWhole, till } from '../bench/paid.ts';
import { forgedOffer } from '../bench/forged-offer.ts';
import { offered } from '../bench/offered.ts';
import { withBadSignature, withHighS, withPayload } from '../bench/spoil.ts';
import { type Case, type Row, topic } from '../case.ts';

const foreign = testScheme('foreign');

/** An offer that no purse must pay, to a purse with money. */
function refusing(
  row: readonly [name: string, title: string, clauses: readonly string[], code: string],
  make: (bench: Bench) => Uint8Array,
): Row {
  const [name, title, clauses, code] = row;
  const run = async (bench: Bench): Promise<void> => {
    await bench.start();
    await bench.load(5_000n);
    await expectUnpaid(bench, make(bench), code);
  };
  return [name, title, clauses, run];
}

const offers: readonly Row[] = [
  refusing(
    [
      'offer-bad-signature',
      'a request whose signature is altered',
      ['TS-REQ-2', 'TS-SIG-3'],
      'BAD_SIGNATURE',
    ],
    (bench) => {
      const { request, certificate } = till(bench, 1_000n).offer;
      return offering(withBadSignature(request), certificate).bytes;
    },
  ),
  refusing(
    ['offer-high-s', 'a request signed in high-S form', ['TS-SIG-4', 'TS-REQ-2'], 'HIGH_S'],
    (bench) => {
      const { request, certificate } = till(bench, 1_000n).offer;
      return offering(withHighS(request), certificate).bytes;
    },
  ),
  refusing(
    [
      'offer-altered',
      'a request whose amount was altered',
      ['TS-REQ-2', 'TS-SIG-3'],
      'BAD_SIGNATURE',
    ],
    (bench) => {
      const { request, certificate } = till(bench, 1_000n).offer;
      const altered = withPayload(request, (fields) =>
        fields.map((field, index) => (index === 2 ? 2_000 : field)),
      );
      return offering(altered, certificate).bytes;
    },
  ),
  refusing(
    [
      'offer-other-certificate',
      'a request under another certificate than the one sent',
      ['TS-CRT-4', 'TS-REQ-2'],
      'UNKNOWN_CERTIFICATE',
    ],
    (bench) =>
      offering(till(bench, 1_000n).offer.request, counterpart(bench, 'b').certificate).bytes,
  ),
  refusing(
    [
      'offer-foreign-payee',
      'a payee of another scheme',
      ['TS-CRT-5', 'TS-REQ-2'],
      'UNKNOWN_ISSUER',
    ],
    () => forgedOffer(stranger('foreigner', foreign.participants[0]), {}).bytes,
  ),
  refusing(
    [
      'offer-forged-certificate',
      'a payee whose certificate its authority did not sign',
      ['TS-CRT-5'],
      'BAD_SIGNATURE',
    ],
    (bench) => {
      const certify = (...given: Parameters<typeof bench.issuer.other.certify>): Uint8Array =>
        withBadSignature(bench.issuer.other.certify(...given));
      return forgedOffer(stranger('forger', { certify }), {}).bytes;
    },
  ),
  refusing(
    [
      'offer-wrong-currency',
      'a request for another currency',
      ['TS-AMT-4', 'TS-REQ-2'],
      'WRONG_CURRENCY',
    ],
    (bench) => forgedOffer(stranger('payee', bench.issuer.other), { currency: 840 }).bytes,
  ),
  [
    'offer-of-other-issuer',
    'an issuing key of another participant asks for money',
    ['TS-CRT-6', 'TS-PAY-12'],
    async (bench) => {
      await bench.start();
      await bench.load(5_000n);
      const { unloadCode, issuer } = bench.issuer.other;
      const { bytes } = offering(unloadCode, issuer.certificate);
      await expectUnpaid(bench, bytes, 'WRONG_ROLE', { amount: 1_000n });
    },
  ],
  refusing(
    [
      'offer-of-another-kind',
      'another message in the place of a request',
      ['TS-ENC-5', 'TS-REQ-2'],
      'WRONG_KIND',
    ],
    (bench) => {
      const payee = counterpart(bench, 'payee');
      const message = payee.forge(payee.certificate, [
        3,
        1,
        new Uint8Array(32),
        new Uint8Array(32),
        1,
      ]);
      return offering(message, payee.certificate).bytes;
    },
  ),
  refusing(
    ['offer-trailing', 'a request with a byte behind it', ['TS-ENC-3'], 'TRAILING_BYTES'],
    (bench) => {
      const { request, certificate } = till(bench, 1_000n).offer;
      return offering(Uint8Array.of(...request, 0), certificate).bytes;
    },
  ),
  refusing(
    ['offer-non-canonical', 'a request in another encoding', ['TS-ENC-2'], 'NON_CANONICAL'],
    (bench) => {
      const { request, certificate } = till(bench, 1_000n).offer;
      return offering(Uint8Array.of(0x98, 0x04, ...request.subarray(1)), certificate).bytes;
    },
  ),
  refusing(
    [
      'frame-trailing',
      'an offer frame with a byte behind it',
      ['TS-ENC-3', 'TS-SES-1'],
      'TRAILING_BYTES',
    ],
    (bench) => Uint8Array.of(...till(bench, 1_000n).offer.bytes, 0),
  ),
  refusing(
    [
      'frame-unknown',
      'a frame of a kind that does not exist',
      ['TS-ENC-5', 'TS-SES-1'],
      'WRONG_KIND',
    ],
    () => encodeCbor([99, new Uint8Array(4), 1]),
  ),
  refusing(
    [
      'offer-unprintable-name',
      'a payee whose name turns the line around',
      ['TS-ENC-7', 'TS-CRT-2'],
      'BAD_FIELD',
    ],
    (bench) => {
      const { request } = till(bench, 1_000n).offer;
      const { key } = bench.issuer.scheme.operator;
      const certificate = bench.issuer.other.certify(key, { subject: 'Kiosk \u202e7' });
      return encodeFrame({ kind: 1, request, certificate, listVersion: 1 });
    },
  ),
  [
    'offer-expired',
    'a request that has expired by issuer time, whatever the clock says',
    ['TS-REQ-5', 'TS-TIM-2'],
    async (bench) => {
      await bench.start();
      await bench.load(5_000n);
      const { offer } = till(bench, 1_000n);
      await bench.tellList({ issuedAt: START + 601 });
      await expectUnpaid(bench, offer.bytes, 'REQUEST_EXPIRED');
    },
  ],
  [
    'offer-at-expiry',
    'a request is good in its last second, by issuer time',
    ['TS-REQ-5'],
    async (bench) => {
      await bench.start();
      await bench.load(5_000n);
      const at = till(bench, 1_000n);
      await bench.tellList({ issuedAt: START + 600 });
      await payWhole(bench, at);
      await bench.expectBalance(4_000n, 'after the payment');
    },
  ],
  [
    'revoked-payee',
    'a payee whom the status list revokes',
    ['TS-LST-4', 'TS-REQ-2'],
    async (bench) => {
      await bench.start();
      await bench.load(5_000n);
      const { payee, offer } = till(bench, 1_000n);
      const { statusIndex } = decodePurseCertificate(payee.certificate).profile;
      await bench.tellList({ revoked: [statusIndex] });
      await expectUnpaid(bench, offer.bytes, 'REVOKED');
    },
  ],
  [
    'expired-payee',
    'a payee whose certificate has expired',
    ['TS-CRT-7', 'TS-REQ-2'],
    async (bench) => {
      await bench.start();
      await bench.load(5_000n);
      const payee = stranger('late', bench.issuer.other, { expires: START + 300 });
      const offer = forgedOffer(payee, {});
      await bench.tellList({ issuedAt: START + 300 });
      await expectUnpaid(bench, offer.bytes, 'CERTIFICATE_EXPIRED');
    },
  ],
  [
    'own-offer',
    'a purse does not pay itself',
    ['TS-REQ-2'],
    async (bench) => {
      await bench.start();
      await bench.load(5_000n);
      const own = await offered(bench, 1_000n);
      await bench.end();
      await expectUnpaid(bench, own.bytes, 'WRONG_PAYEE');
    },
  ],
  [
    'other-amount',
    'the holder chooses another amount than was asked for',
    ['TS-PAY-6'],
    async (bench) => {
      await bench.start();
      await bench.load(5_000n);
      const { offer } = till(bench, 1_000n);
      await expectUnpaid(bench, offer.bytes, 'WRONG_AMOUNT', { amount: 999n });
    },
  ],
];

export const payerOffers: readonly Case[] = topic('payer', ['payer'], offers);
