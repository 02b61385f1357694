import { decodePurseCertificate, requestDigest } from '@tallystick/protocol';
import { DAY, START, testScheme } from '@tallystick/trusted-app/testing';
import {
  counterOffer,
  counterpart,
  expectReceipt,
  forgePayment,
  made,
  payFrame,
  payFrom,
  presentFrame,
  stranger,
  valueOf,
} from '../rig/counterpart.ts';
import { expectRefused, unmoved } from '../rig/expect.ts';
import { offered } from '../rig/offered.ts';
import { forgedFrame, payerWith, receive, refusing } from '../rig/received.ts';
import { withBadSignature, withHighS, withPayload } from '../rig/spoil.ts';
import { type Case, type Row, topic } from '../case.ts';

const foreign = testScheme('foreign');

/** A payment whose bytes are changed after it was made. */
function changed(
  row: readonly [name: string, title: string, clauses: readonly string[], code: string],
  change: (payment: Uint8Array) => Uint8Array,
): Row {
  const [name, title, clauses, code] = row;
  const run = refusing(code, ({ rig, offer }) => {
    const payer = counterpart(rig, 'payer');
    const { payment, id } = forgePayment(payer, offer);
    return payFrame({ payment: change(payment), id }, payer.certificate);
  });
  return [name, title, clauses, run];
}

/** A payment that is well signed, with a field that no payee must take. */
function forged(
  row: readonly [name: string, title: string, clauses: readonly string[], code: string],
  change: Parameters<typeof forgePayment>[2],
  amount: bigint | null = 1_000n,
): Row {
  const [name, title, clauses, code] = row;
  return [name, title, clauses, refusing(code, (of) => forgedFrame(of, change), amount)];
}

const signatures: readonly Row[] = [
  changed(
    ['bad-signature', 'an altered signature', ['TS-SIG-3'], 'BAD_SIGNATURE'],
    withBadSignature,
  ),
  changed(['high-s', 'a signature in its high-S form', ['TS-SIG-4'], 'HIGH_S'], withHighS),
  changed(
    [
      'altered-amount',
      'a payment whose amount was altered',
      ['TS-SIG-3', 'TS-PAY-5'],
      'BAD_SIGNATURE',
    ],
    (payment) =>
      withPayload(payment, (fields) =>
        fields.map((field, index) => (index === 4 ? [1, 978, 1_001, 1] : field)),
      ),
  ),
  [
    'another-request',
    'a payment for another request of the same payee',
    ['TS-PAY-5'],
    async (rig) => {
      await rig.start();
      const first = await offered(rig, 1_000n);
      const second = await offered(rig, 1_000n);
      const payer = payerWith(rig, 2_000n);
      await unmoved(rig, async () => {
        const frame = payFrame(payFrom(payer, first), payer.certificate);
        expectRefused(await rig.deliver(frame), 'BAD_SIGNATURE');
      });
      // The payment for the request on offer is good.
      const paid = payFrom(payer, second);
      const answer = await rig.deliver(payFrame(paid, payer.certificate));
      expectReceipt(rig, answer, second, paid);
    },
  ],
  [
    'no-external-data',
    'a payment that signs no request',
    ['TS-PAY-5', 'TS-SIG-1'],
    refusing('BAD_SIGNATURE', ({ rig, offer }) => {
      const payer = counterpart(rig, 'payer');
      return payFrame(forgePayment(payer, offer, {}, new Uint8Array(0)), payer.certificate);
    }),
  ],
  [
    'foreign-request',
    'a request that this purse never made',
    ['TS-REQ-4'],
    refusing('FOREIGN_REQUEST', ({ rig, offer }) => {
      const payer = counterpart(rig, 'payer');
      const flip = (tag: Uint8Array): Uint8Array => tag.map((byte) => byte ^ 1);
      const request = withPayload(offer.request, (fields) =>
        fields.map((field, index) => (index === 5 ? flip(field as Uint8Array) : field)),
      );
      const external = requestDigest(request);
      const paid = forgePayment(payer, offer, {}, external);
      return presentFrame(paid, payer.certificate, { ...offer, request }, false);
    }),
  ],
  [
    'request-of-another',
    'a request that another purse made',
    ['TS-PAY-5'],
    refusing('WRONG_REQUEST', ({ rig, offer }) => {
      const payer = counterpart(rig, 'payer');
      const { request } = counterOffer(counterpart(rig, 'third'), 1_000n);
      const paid = forgePayment(payer, offer, {}, requestDigest(request));
      return presentFrame(paid, payer.certificate, { ...offer, request }, false);
    }),
  ],
  [
    'wrong-payee',
    'a payment to somebody else',
    ['TS-PAY-4'],
    refusing('WRONG_PAYEE', (of) => forgedFrame(of, { payee: new Uint8Array(8).fill(9) })),
  ],
];

const certificates: readonly Row[] = [
  [
    'other-certificate',
    'a payment with a certificate that did not sign it',
    ['TS-CRT-4'],
    refusing('UNKNOWN_CERTIFICATE', ({ rig, offer }) => {
      const paid = forgePayment(counterpart(rig, 'payer'), offer);
      return payFrame(paid, counterpart(rig, 'other').certificate);
    }),
  ],
  [
    'foreign-certificate',
    'a payer of another scheme',
    ['TS-CRT-5'],
    refusing('UNKNOWN_ISSUER', (of) =>
      forgedFrame(of, {}, stranger('foreigner', foreign.participants[0])),
    ),
  ],
  [
    'forged-certificate',
    'a certificate that its authority did not sign',
    ['TS-CRT-5', 'TS-SIG-3'],
    refusing('BAD_SIGNATURE', (of) => {
      const { rig } = of;
      const certify = (...given: Parameters<typeof rig.issuer.other.certify>): Uint8Array =>
        withBadSignature(rig.issuer.other.certify(...given));
      return forgedFrame(of, {}, stranger('forger', { certify }));
    }),
  ],
  [
    'expired-certificate',
    'a payer whose certificate has expired',
    ['TS-CRT-7', 'TS-CRT-12'],
    async (rig) => {
      await rig.start();
      const payer = stranger('late', rig.issuer.other, { expires: START + 3_600 });
      const earlier = await offered(rig, 1_000n);
      await rig.deliver(payFrame(forgePayment(payer, earlier), payer.certificate));
      await rig.tellList({ issuedAt: START + 3_600 });
      const offer = await offered(rig, 1_000n);
      await unmoved(rig, async () => {
        const frame = payFrame(forgePayment(payer, offer, { seq: 6 }), payer.certificate);
        expectRefused(await rig.deliver(frame), 'CERTIFICATE_EXPIRED');
      });
    },
  ],
  [
    'revoked-payer',
    'a payer whom the status list revokes, known or not',
    ['TS-LST-4', 'TS-CRT-12'],
    async (rig) => {
      await rig.start();
      const { payer } = await receive(rig, 500n, payerWith(rig, 1_500n));
      const { statusIndex } = decodePurseCertificate(payer.certificate).profile;
      await rig.tellList({ revoked: [statusIndex] });
      const offer = await offered(rig, 1_000n);
      await unmoved(rig, async () => {
        const frame = payFrame(payFrom(payer, offer), payer.certificate);
        expectRefused(await rig.deliver(frame), 'REVOKED');
      });
    },
  ],
  [
    'authority-certificate',
    'the certificate of an authority in the place of a purse’s',
    ['TS-CRT-6', 'TS-CRT-1'],
    refusing('WRONG_KIND', ({ rig, offer }) => {
      const [authority = new Uint8Array(0)] = rig.issuer.scheme.authorities;
      return payFrame(forgePayment(counterpart(rig, 'payer'), offer), authority);
    }),
  ],
  [
    'other-issuer-pays',
    'an issuing key of another participant pays',
    ['TS-CRT-6', 'TS-PAY-12'],
    refusing('WRONG_ROLE', ({ rig, offer }) => {
      const { other } = rig.issuer;
      const payment = other.load(offer.request, offer.certificate, 1_000n);
      return payFrame(made(payment, requestDigest(offer.request)), other.issuer.certificate);
    }),
  ],
  [
    'unlisted-tier',
    'a payer of a tier that the policy does not list',
    ['TS-POL-2'],
    refusing('WRONG_ROLE', (of) =>
      forgedFrame(of, {}, stranger('odd', of.rig.issuer.other, { tier: 9 })),
    ),
  ],
  [
    'unlisted-measurement',
    'a payer whose trusted application the policy does not list',
    ['TS-POL-5'],
    refusing('MEASUREMENT_REFUSED', (of) =>
      forgedFrame(of, {}, stranger('odd', of.rig.issuer.other, { measurement: 7 })),
    ),
  ],
];

const contents: readonly Row[] = [
  forged(
    ['wrong-currency', 'money of another currency', ['TS-AMT-4'], 'WRONG_CURRENCY'],
    valueOf({ currency: 840 }),
  ),
  forged(
    ['wrong-amount', 'another amount than was asked for', ['TS-PAY-6'], 'WRONG_AMOUNT'],
    valueOf({ amount: 999n }),
  ),
  forged(
    [
      'accept-by-too-far',
      'a payment that could be accepted for too long',
      ['TS-PAY-8'],
      'ACCEPT_BY_TOO_FAR',
    ],
    { acceptMinutes: 8 * 1_440 + 1 },
  ),
  forged(
    [
      'sync-of-the-future',
      'a payer that says it synced after this certificate expires',
      ['TS-TIM-3'],
      'TIME_SKEW',
    ],
    { syncedAt: START + 366 * DAY },
  ),
  forged(
    ['over-hop-limit', 'money that changed hands too often', ['TS-LIM-7'], 'OVER_HOP_LIMIT'],
    valueOf({ hop: 6 }),
  ),
  forged(
    [
      'no-hop',
      'a purse that pays as if it were the issuer',
      ['TS-LIM-7', 'TS-PAY-9'],
      'OVER_HOP_LIMIT',
    ],
    valueOf({ hop: 0 }),
  ),
  forged(
    ['over-ceiling', 'more than this purse may hold', ['TS-LIM-8'], 'OVER_BALANCE_CEILING'],
    valueOf({ amount: 50_001n }),
    null,
  ),
  forged(
    [
      'over-payer-cap',
      'more at once than may be taken from one payer',
      ['TS-LIM-9'],
      'OVER_PAYER_CAP',
    ],
    valueOf({ amount: 20_001n }),
    null,
  ),
  [
    'over-payer-cap-in-all',
    'more in all than may be taken from one payer, through a loss of power',
    ['TS-LIM-9', 'TS-PUR-5'],
    async (rig) => {
      await rig.start();
      const payer = counterpart(rig, 'payer');
      const first = await offered(rig, 15_000n);
      const paid = forgePayment(payer, first, valueOf({ amount: 15_000n }));
      await rig.deliver(payFrame(paid, payer.certificate));
      await rig.expectBalance(15_000n, 'after the first payment');
      await rig.iut.restart();
      await rig.clock(START);
      const offer = await offered(rig, 5_001n);
      const more = forgePayment(payer, offer, { seq: 6, ...valueOf({ amount: 5_001n }) });
      expectRefused(await rig.deliver(payFrame(more, payer.certificate)), 'OVER_PAYER_CAP');
      // Somebody else may still pay.
      await receive(rig, 4_000n, payerWith(rig, 4_000n, 'other'));
      await rig.expectBalance(19_000n, 'after somebody else paid');
    },
  ],
];

const times: readonly Row[] = [
  [
    'past-accept-by',
    'a payment after its last moment, and void neither',
    ['TS-PAY-7', 'TS-TIM-2'],
    async (rig) => {
      await rig.start();
      const payer = payerWith(rig, 1_000n);
      const offer = await offered(rig, 1_000n);
      const paid = payFrom(payer, offer);
      await rig.tellList({ issuedAt: START + 2 * DAY });
      await unmoved(rig, async () => {
        const answer = await rig.deliver(presentFrame(paid, payer.certificate, offer, false));
        expectRefused(answer, 'PAST_ACCEPT_BY');
      });
    },
  ],
  [
    'clock-is-no-floor',
    'a local clock that runs ahead refuses no payment in time',
    ['TS-TIM-3', 'TS-TIM-2'],
    async (rig) => {
      await rig.start();
      await rig.clock(START + 20 * DAY);
      await receive(rig, 1_000n);
      await rig.expectBalance(1_000n, 'after a payment within its time');
    },
  ],
  [
    'stale-payer',
    'a payer who has not synced for too long',
    ['TS-TIM-5'],
    async (rig) => {
      await rig.start({ policy: { staleSeconds: 2 * DAY } });
      const payer = counterpart(rig, 'payer');
      await rig.tellList({ issuedAt: START + 3 * DAY });
      const offer = await offered(rig, 1_000n);
      await unmoved(rig, async () => {
        const paid = forgePayment(payer, offer, { acceptMinutes: 5 * 1_440 });
        expectRefused(await rig.deliver(payFrame(paid, payer.certificate)), 'PAYER_STALE');
      });
    },
  ],
  [
    'expired-measurement',
    'a payer whose trusted application is not accepted any more',
    ['TS-POL-5'],
    async (rig) => {
      await rig.start();
      const payer = payerWith(rig, 1_000n);
      const measurements = rig.issuer.scheme.policy.measurements.map((row) => ({
        ...row,
        acceptedUntil: START - 1,
      }));
      await rig.adopt('policy', rig.issuer.nextPolicy({ measurements }));
      const offer = await offered(rig, 1_000n);
      await unmoved(rig, async () => {
        const frame = payFrame(payFrom(payer, offer), payer.certificate);
        expectRefused(await rig.deliver(frame), 'MEASUREMENT_REFUSED');
      });
    },
  ],
];

const own: readonly Row[] = [
  [
    'answers-stand',
    'an accepted payment keeps its receipt whatever becomes of its payer',
    ['TS-ERR-4', 'TS-RCP-1'],
    async (rig) => {
      await rig.start();
      const { payer, offer, id, payment } = await receive(rig, 500n);
      const { statusIndex } = decodePurseCertificate(payer.certificate).profile;
      await rig.tellList({ revoked: [statusIndex], issuedAt: START + 3 * DAY });
      const show = presentFrame({ payment, id }, payer.certificate, offer, false);
      expectReceipt(rig, await rig.deliver(show), offer, { payment, id });
      await rig.expectBalance(500n, 'after the payer was revoked');
    },
  ],
];

export const payeeRefusals: readonly Case[] = topic(
  'payee',
  ['payee'],
  [...signatures, ...certificates, ...contents, ...times, ...own],
);
