import {
  decodePurseCertificate,
  encodeCbor,
  encodeFrame,
  request as requestCodec,
} from '@tallystick/protocol';
import { DAY, START, testScheme, type TestPurse } from '@tallystick/trusted-app/testing';
import type { Bench } from '../bench/bench.ts';
import { type Asked, counterpart, offering, stranger } from '../bench/counterpart.ts';
import { tierPolicy } from '../bench/issuer.ts';
import { expectPayment, expectUnpaid, payWhole, till } from '../bench/paid.ts';
import { offered } from '../bench/offered.ts';
import { withBadSignature, withHighS, withPayload } from '../bench/spoil.ts';
import { type Case, type Row, topic } from '../case.ts';

const foreign = testScheme('foreign');

/** A request as a broken payee would sign it. */
function forgedOffer(
  payee: TestPurse,
  change: Partial<Parameters<typeof requestCodec.encode>[0]>,
): Asked {
  const request = payee.forge(
    payee.certificate,
    requestCodec.encode({
      currency: 978,
      amount: 1_000n,
      expires: START + 600,
      nonce: new Uint8Array(8),
      tag: new Uint8Array(8),
      isStatic: false,
      ...change,
    }),
  );
  return offering(request, payee.certificate);
}

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
    () => encodeCbor([9, new Uint8Array(4), 1]),
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

const limits: readonly Row[] = [
  [
    'receive-only',
    'a purse of a tier that only receives pays nobody',
    ['TS-LIM-1', 'TS-POL-1'],
    async (bench) => {
      await bench.start({ tier: 2 });
      await bench.load(5_000n);
      await expectUnpaid(bench, till(bench, 1_000n).offer.bytes, 'RECEIVE_ONLY');
    },
  ],
  [
    'offline-too-long',
    'a purse that has not synced for too long pays nobody, by issuer time or by its clock',
    ['TS-LIM-2'],
    async (bench) => {
      await bench.start();
      await bench.load(5_000n);
      await bench.tellList({ issuedAt: START + 7 * DAY + 1 });
      const payee = stranger('payee', bench.issuer.other);
      const offer = forgedOffer(payee, { expires: START + 9 * DAY });
      await expectUnpaid(bench, offer.bytes, 'OFFLINE_TOO_LONG');
    },
  ],
  [
    'over-payment-limit',
    'more than one payment may be',
    ['TS-LIM-3'],
    async (bench) => {
      await bench.start();
      await bench.load(20_000n);
      await expectUnpaid(bench, till(bench, 10_001n).offer.bytes, 'OVER_PAYMENT_LIMIT');
    },
  ],
  [
    'over-total-limit',
    'more than all payments since the last sync may be, through a loss of power',
    ['TS-LIM-4', 'TS-PUR-5'],
    async (bench) => {
      await bench.start({ policy: tierPolicy({ totalMax: 5_000n }) });
      await bench.load(9_000n);
      await payWhole(bench, till(bench, 3_000n));
      await bench.iut.restart();
      await bench.clock(START);
      await expectUnpaid(bench, till(bench, 2_001n, 'b').offer.bytes, 'OVER_TOTAL_LIMIT');
      await payWhole(bench, till(bench, 2_000n, 'c'));
    },
  ],
  [
    'over-count-limit',
    'more payments than there may be since the last sync',
    ['TS-LIM-5'],
    async (bench) => {
      await bench.start({ policy: tierPolicy({ countMax: 2 }) });
      await bench.load(9_000n);
      await payWhole(bench, till(bench, 100n, 'a'));
      await payWhole(bench, till(bench, 100n, 'b'));
      await expectUnpaid(bench, till(bench, 100n, 'c').offer.bytes, 'OVER_COUNT_LIMIT');
    },
  ],
  [
    'insufficient-funds',
    'more than there is',
    ['TS-LIM-6'],
    async (bench) => {
      await bench.start();
      await bench.load(500n);
      await expectUnpaid(bench, till(bench, 501n).offer.bytes, 'INSUFFICIENT_FUNDS');
    },
  ],
  [
    'own-certificate-revoked',
    'a purse whose own certificate is revoked pays nobody but its issuer',
    ['TS-LST-4', 'TS-PAY-12'],
    async (bench) => {
      await bench.start();
      await bench.load(2_000n);
      await bench.tellList({ revoked: [bench.own.profile.statusIndex] });
      await expectUnpaid(bench, till(bench, 100n).offer.bytes, 'REVOKED');
    },
  ],
  [
    'pin-required',
    'above the step-up the holder is verified, and last of all',
    ['TS-HLD-1', 'TS-HLD-2', 'TS-HLD-3'],
    async (bench) => {
      await bench.start({ pin: pin('2468') });
      await bench.load(9_000n);
      const { offer } = till(bench, 6_000n);
      await expectUnpaid(bench, offer.bytes, 'PIN_REQUIRED');
      await expectUnpaid(bench, offer.bytes, 'PIN_WRONG', { pin: pin('1111') });
      await expectUnpaid(bench, till(bench, 9_001n, 'b').offer.bytes, 'INSUFFICIENT_FUNDS');
      expectPayment(bench, await bench.pay(offer.bytes, { pin: pin('2468') }), offer);
    },
  ],
  [
    'pin-blocked',
    'after five wrong PINs it is blocked, and a loss of power gives no try back',
    ['TS-HLD-3'],
    async (bench) => {
      await bench.start({ pin: pin('2468') });
      await bench.load(9_000n);
      const { offer } = till(bench, 6_000n);
      for (let tries = 0; tries < 5; tries++) {
        if (tries === 3) {
          await bench.iut.restart();
          await bench.clock(START);
        }
        await expectUnpaid(bench, offer.bytes, 'PIN_WRONG', { pin: pin('1111') });
      }
      await expectUnpaid(bench, offer.bytes, 'PIN_BLOCKED', { pin: pin('2468') });
    },
  ],
  [
    'long-refusal',
    'an offer frame longer than any frame',
    ['TS-ENC-4', 'TS-SES-1'],
    async (bench) => {
      await bench.start();
      await bench.load(5_000n);
      const proof = encodeFrame({ kind: 7, proof: new Uint8Array(65_000) });
      const tooLong = Uint8Array.of(...proof, ...new Uint8Array(2_000));
      await expectUnpaid(bench, tooLong, 'OVERSIZED');
    },
  ],
];

function pin(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export const payerRefusals: readonly Case[] = topic('payer', ['payer'], [...offers, ...limits]);
