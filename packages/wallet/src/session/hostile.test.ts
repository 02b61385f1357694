import {
  type Bytes,
  concat,
  decodeFrame,
  encodeFrame,
  equal,
  type Frame,
  LIMITS,
  type OfferFrame,
  type PaymentFrame,
} from '@tallystick/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { Pair, yes } from '../testing/pair.ts';
import { EUR, World } from '../testing/world.ts';
import { memoryPair, type Transport } from '../transport/index.ts';
import { getPaid } from './payee.ts';
import { pay } from './payer.ts';

/** A link that brings these frames, whatever their size, and then stays silent or ends. */
function bringing(frames: readonly Bytes[], then: 'silence' | 'end' = 'end'): Transport {
  const left = [...frames];
  return {
    medium: 'link',
    send: async () => {},
    receive: async () => {
      const frame = left.shift();
      if (frame !== undefined) return frame;
      return then === 'end' ? null : new Promise<null>(() => {});
    },
    close: async () => {},
  };
}

/** A damaged copy: one bit of one byte flipped. */
function flipped(bytes: Bytes, at: number): Bytes {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

const never = (): Promise<never> => Promise.reject(new Error('the holder was asked'));

let offer: OfferFrame;
let payment: PaymentFrame;
let receipt: Frame;
let foreignOffer: OfferFrame;

beforeAll(async () => {
  const pair = await Pair.fresh();
  // Restarted, a device draws other nonces than the devices of the tests below.
  pair.restart('payee');
  const { frames } = await pair.tap(100n);
  [offer, payment, receipt] = frames as unknown as [OfferFrame, PaymentFrame, Frame];
  const elsewhere = await new World().device('mallory', { subject: 'Bakery' });
  const mallory = new World().parts(elsewhere);
  const { a, b } = memoryPair();
  const offering = getPaid(mallory, b, { currency: EUR, amount: 1n });
  foreignOffer = decodeFrame((await a.receive())!) as OfferFrame;
  await a.close();
  await offering;
});

const refusal = (code: string): Frame => ({ kind: 8, code, listVersion: 1 });

describe('a payer before a hostile device', () => {
  const cases: [string, () => Bytes[], string][] = [
    ['bytes that are no CBOR', () => [Uint8Array.of(0xff)], 'MALFORMED'],
    ['an offer cut short', () => [encodeFrame(offer).slice(0, -1)], 'MALFORMED'],
    [
      'an offer with a tail',
      () => [concat(encodeFrame(offer), Uint8Array.of(0))],
      'TRAILING_BYTES',
    ],
    ['a giant', () => [new Uint8Array(LIMITS.frameBytes + 1)], 'OVERSIZED'],
    ['a frame of no kind', () => [Uint8Array.of(0x81, 0x0d)], 'WRONG_KIND'],
    ['a receipt instead of an offer', () => [encodeFrame(receipt)], 'UNEXPECTED_FRAME'],
    ['a payment instead of an offer', () => [encodeFrame(payment)], 'UNEXPECTED_FRAME'],
    ['a refusal instead of an offer', () => [encodeFrame(refusal('LOCKED'))], 'UNEXPECTED_FRAME'],
    ['nothing at all', () => [], 'LINK_ENDED'],
    [
      'more frames than any exchange needs',
      () => Array.from({ length: 100 }, () => encodeFrame(receipt)),
      'TOO_MANY_FRAMES',
    ],
    [
      'a request under another certificate',
      () => [encodeFrame({ ...offer, certificate: foreignOffer.certificate })],
      'UNKNOWN_CERTIFICATE',
    ],
    [
      'a request changed on its way',
      () => [encodeFrame({ ...offer, request: flipped(offer.request, offer.request.length - 1) })],
      'BAD_SIGNATURE',
    ],
    [
      'a certificate with a made-up name',
      () => [encodeFrame({ ...offer, certificate: renamed(offer.certificate) })],
      'UNKNOWN_CERTIFICATE',
    ],
    [
      'a certificate with a forged signature',
      () => [encodeFrame({ ...offer, certificate: flipped(offer.certificate, 140) })],
      'BAD_SIGNATURE',
    ],
    [
      'a request that does not read',
      () => [encodeFrame({ ...offer, request: Uint8Array.of(0x80) })],
      'MISSING_FIELD',
    ],
  ];

  test.each(cases)('%s', async (_, frames, code) => {
    const pair = await Pair.fresh();
    const before = pair.ada.keep();
    const paid = await pair.world.timer.run(pay(pair.payer, bringing(frames()), never));
    expect(paid).toMatchObject({ ok: false, error: { code } });
    expect(unchanged(before, pair.ada.keep())).toBe(true);
  });

  test('silence', async () => {
    const pair = await Pair.fresh();
    const paid = await pair.world.timer.run(pay(pair.payer, bringing([], 'silence'), never));
    expect(paid).toMatchObject({ ok: false, error: { code: 'TIMED_OUT' } });
    expect(pair.world.timer.alarms).toBe(0);
  });

  test('answers that are none leave the payment in doubt, and say why', async () => {
    const answers: [Frame, string][] = [
      [{ kind: 3, receipt: Uint8Array.of(0x80) }, 'MISSING_FIELD'],
      [{ kind: 5, void: Uint8Array.of(0xff) }, 'MALFORMED'],
      [receipt, 'LINK_ENDED'],
      [payment, 'UNEXPECTED_FRAME'],
      [refusal('WRONG_PAYEE'), 'PEER_REFUSED'],
    ];
    for (const [answer, code] of answers) {
      const pair = await Pair.fresh();
      const other = await pair.world.device('cy', { participant: 1 });
      // The offer of an honest payee, whose place then somebody else takes.
      const { a, b } = memoryPair();
      const offering = getPaid(pair.world.parts(other), b, { currency: EUR, amount: 100n });
      const honest = (await a.receive())!;
      await a.close();
      await offering;
      const link = bringing([honest, encodeFrame(answer)]);
      const paid = await pair.world.timer.run(pay(pair.payer, link, yes));
      expect(paid).toMatchObject({ ok: true, value: { state: 'inDoubt', cause: { code } } });
      expect(await pair.doubts()).toHaveLength(1);
    }
  });
});

describe('a payee before a hostile device', () => {
  const cases: [string, () => Bytes[], string][] = [
    ['bytes that are no CBOR', () => [Uint8Array.of(0x1c)], 'MALFORMED'],
    ['a giant', () => [new Uint8Array(LIMITS.frameBytes + 1)], 'OVERSIZED'],
    ['an offer instead of a payment', () => [encodeFrame(offer)], 'UNEXPECTED_FRAME'],
    ['a receipt instead of a payment', () => [encodeFrame(receipt)], 'UNEXPECTED_FRAME'],
    ['the payment of another request', () => [encodeFrame(payment)], 'BAD_SIGNATURE'],
    [
      'a payment without its certificate',
      () => [encodeFrame({ ...payment, certificate: null })],
      'UNKNOWN_CERTIFICATE',
    ],
    [
      'a payment under another certificate',
      () => [encodeFrame({ ...payment, certificate: foreignOffer.certificate })],
      'UNKNOWN_CERTIFICATE',
    ],
    [
      'a payment that does not read',
      () => [encodeFrame({ ...payment, payment: Uint8Array.of(0x80) })],
      'MISSING_FIELD',
    ],
    [
      'an old payment with a request this purse never made',
      () => [
        encodeFrame({
          kind: 4,
          payment: payment.payment,
          certificate: payment.certificate ?? new Uint8Array(0),
          request: foreignOffer.request,
          voidIt: true,
        }),
      ],
      'BAD_SIGNATURE',
    ],
    [
      'more frames than any exchange needs',
      () => Array.from({ length: 100 }, () => encodeFrame(payment)),
      'BAD_SIGNATURE',
    ],
    ['nothing at all', () => [], 'LINK_ENDED'],
  ];

  test.each(cases)('%s', async (_, frames, code) => {
    const pair = await Pair.fresh();
    const before = pair.bo.keep();
    const order = { currency: EUR, amount: 100n };
    const got = await pair.world.timer.run(getPaid(pair.payee, bringing(frames()), order));
    expect(got).toMatchObject({ ok: false, error: { code } });
    expect(unchanged(before, pair.bo.keep())).toBe(true);
    // And it still takes honest money afterwards.
    expect((await pair.tap(100n)).received).toMatchObject({ ok: true, value: { amount: 100n } });
  });

  test('the same payment a hundred times counts once', async () => {
    const pair = await Pair.fresh();
    const counted: bigint[] = [];
    const { a, b } = memoryPair();
    const offering = getPaid(pair.payee, b, {
      currency: EUR,
      amount: 100n,
      onAccepted: ({ amount }) => counted.push(amount),
    });
    const { paid } = await payRepeating(pair, a, 60);
    expect(paid).toMatchObject({ ok: true, value: { state: 'paid' } });
    await pair.world.timer.run(offering);
    expect(counted).toEqual([100n]);
    expect((await pair.balances())[1]).toBe(100n);
  });
});

/** Pays, but sends the payment over and over. */
async function payRepeating(
  pair: Pair,
  transport: Transport,
  times: number,
): Promise<{ paid: Awaited<ReturnType<typeof pay>> }> {
  const stubborn: Transport = {
    ...transport,
    send: async (frame) => {
      const isPayment = decodeFrame(frame).kind === 2;
      for (let count = 0; count < (isPayment ? times : 1); count++) await transport.send(frame);
    },
  };
  return { paid: await pair.world.timer.run(pay(pair.payer, stubborn, yes)) };
}

/** The certificate with another display name of the same length, as a forger would write it. */
function renamed(certificate: Bytes): Bytes {
  const name = Uint8Array.from('Bakery', (character) => character.charCodeAt(0));
  const at = certificate.findIndex((_, index) =>
    equal(certificate.subarray(index, index + name.length), name),
  );
  expect(at).toBeGreaterThan(0);
  return flipped(certificate, at);
}

function unchanged(
  before: ReturnType<Pair['ada']['keep']>,
  after: ReturnType<Pair['ada']['keep']>,
): boolean {
  const states = [before.disk.state, after.disk.state] as const;
  return (
    equal(states[0] ?? new Uint8Array(0), states[1] ?? new Uint8Array(0)) &&
    before.disk.logEnd === after.disk.logEnd &&
    before.store.size === after.store.size
  );
}
