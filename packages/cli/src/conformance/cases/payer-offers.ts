import { decodePurseCertificate, encodeCbor, encodeFrame } from '@tallystick/protocol';
import { START, testScheme } from '@tallystick/trusted-app/testing';
import type { Rig } from '../rig/rig.ts';
import { counterpart, offering, stranger } from '../rig/counterpart.ts';
import { expectUnpaid, payWhole, till } from '../rig/paid.ts';
import { forgedOffer } from '../rig/forged-offer.ts';
import { offered } from '../rig/offered.ts';
import { withBadSignature, withHighS, withPayload } from '../rig/spoil.ts';
import { type Case, type Row, topic } from '../case.ts';

const foreign = testScheme('foreign');

/** An offer that no purse must pay, to a purse with money. */
function refusing(
  row: readonly [name: string, title: string, clauses: readonly string[], code: string],
  make: (rig: Rig) => Uint8Array,
): Row {
  const [name, title, clauses, code] = row;
  const run = async (rig: Rig): Promise<void> => {
    await rig.start();
    await rig.load(5_000n);
    await expectUnpaid(rig, make(rig), code);
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
    (rig) => {
      const { request, certificate } = till(rig, 1_000n).offer;
      return offering(withBadSignature(request), certificate).bytes;
    },
  ),
  refusing(
    ['offer-high-s', 'a request signed in high-S form', ['TS-SIG-4', 'TS-REQ-2'], 'HIGH_S'],
    (rig) => {
      const { request, certificate } = till(rig, 1_000n).offer;
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
    (rig) => {
      const { request, certificate } = till(rig, 1_000n).offer;
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
    (rig) => offering(till(rig, 1_000n).offer.request, counterpart(rig, 'b').certificate).bytes,
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
    (rig) => {
      const certify = (...given: Parameters<typeof rig.issuer.other.certify>): Uint8Array =>
        withBadSignature(rig.issuer.other.certify(...given));
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
    (rig) => forgedOffer(stranger('payee', rig.issuer.other), { currency: 840 }).bytes,
  ),
  [
    'offer-of-other-issuer',
    'an issuing key of another participant asks for money',
    ['TS-CRT-6', 'TS-PAY-12'],
    async (rig) => {
      await rig.start();
      await rig.load(5_000n);
      const { unloadCode, issuer } = rig.issuer.other;
      const { bytes } = offering(unloadCode, issuer.certificate);
      await expectUnpaid(rig, bytes, 'WRONG_ROLE', { amount: 1_000n });
    },
  ],
  refusing(
    [
      'offer-of-another-kind',
      'another message in the place of a request',
      ['TS-ENC-5', 'TS-REQ-2'],
      'WRONG_KIND',
    ],
    (rig) => {
      const payee = counterpart(rig, 'payee');
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
    (rig) => {
      const { request, certificate } = till(rig, 1_000n).offer;
      return offering(Uint8Array.of(...request, 0), certificate).bytes;
    },
  ),
  refusing(
    ['offer-non-canonical', 'a request in another encoding', ['TS-ENC-2'], 'NON_CANONICAL'],
    (rig) => {
      const { request, certificate } = till(rig, 1_000n).offer;
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
    (rig) => Uint8Array.of(...till(rig, 1_000n).offer.bytes, 0),
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
    (rig) => {
      const { request } = till(rig, 1_000n).offer;
      const { key } = rig.issuer.scheme.operator;
      const certificate = rig.issuer.other.certify(key, { subject: 'Kiosk \u202e7' });
      return encodeFrame({ kind: 1, request, certificate, listVersion: 1 });
    },
  ),
  [
    'offer-expired',
    'a request that has expired by issuer time, whatever the clock says',
    ['TS-REQ-5', 'TS-TIM-2'],
    async (rig) => {
      await rig.start();
      await rig.load(5_000n);
      const { offer } = till(rig, 1_000n);
      await rig.tellList({ issuedAt: START + 601 });
      await expectUnpaid(rig, offer.bytes, 'REQUEST_EXPIRED');
    },
  ],
  [
    'offer-at-expiry',
    'a request is good in its last second, by issuer time',
    ['TS-REQ-5'],
    async (rig) => {
      await rig.start();
      await rig.load(5_000n);
      const at = till(rig, 1_000n);
      await rig.tellList({ issuedAt: START + 600 });
      await payWhole(rig, at);
      await rig.expectBalance(4_000n, 'after the payment');
    },
  ],
  [
    'revoked-payee',
    'a payee whom the status list revokes',
    ['TS-LST-4', 'TS-REQ-2'],
    async (rig) => {
      await rig.start();
      await rig.load(5_000n);
      const { payee, offer } = till(rig, 1_000n);
      const { statusIndex } = decodePurseCertificate(payee.certificate).profile;
      await rig.tellList({ revoked: [statusIndex] });
      await expectUnpaid(rig, offer.bytes, 'REVOKED');
    },
  ],
  [
    'expired-payee',
    'a payee whose certificate has expired',
    ['TS-CRT-7', 'TS-REQ-2'],
    async (rig) => {
      await rig.start();
      await rig.load(5_000n);
      const payee = stranger('late', rig.issuer.other, { expires: START + 300 });
      const offer = forgedOffer(payee, {});
      await rig.tellList({ issuedAt: START + 300 });
      await expectUnpaid(rig, offer.bytes, 'CERTIFICATE_EXPIRED');
    },
  ],
  [
    'own-offer',
    'a purse does not pay itself',
    ['TS-REQ-2'],
    async (rig) => {
      await rig.start();
      await rig.load(5_000n);
      const own = await offered(rig, 1_000n);
      await rig.end();
      await expectUnpaid(rig, own.bytes, 'WRONG_PAYEE');
    },
  ],
  [
    'other-amount',
    'the holder chooses another amount than was asked for',
    ['TS-PAY-6'],
    async (rig) => {
      await rig.start();
      await rig.load(5_000n);
      const { offer } = till(rig, 1_000n);
      await expectUnpaid(rig, offer.bytes, 'WRONG_AMOUNT', { amount: 999n });
    },
  ],
];

export const payerOffers: readonly Case[] = topic('payer', ['payer'], offers);
