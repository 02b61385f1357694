import { encodeFrame } from '@tallystick/protocol';
import { DAY, START } from '@tallystick/trusted-app/testing';
import { stranger } from '../rig/counterpart.ts';
import { forgedOffer } from '../rig/forged-offer.ts';
import { tierPolicy } from '../rig/issuer.ts';
import { expectPayment, expectUnpaid, payWhole, till } from '../rig/paid.ts';
import { type Case, type Row, topic } from '../case.ts';

const limits: readonly Row[] = [
  [
    'receive-only',
    'a purse of a tier that only receives pays nobody',
    ['TS-LIM-1', 'TS-POL-1'],
    async (rig) => {
      await rig.start({ tier: 2 });
      await rig.load(5_000n);
      await expectUnpaid(rig, till(rig, 1_000n).offer.bytes, 'RECEIVE_ONLY');
    },
  ],
  [
    'offline-too-long',
    'a purse that has not synced for too long pays nobody, by issuer time or by its clock',
    ['TS-LIM-2'],
    async (rig) => {
      await rig.start();
      await rig.load(5_000n);
      await rig.tellList({ issuedAt: START + 7 * DAY + 1 });
      const payee = stranger('payee', rig.issuer.other);
      const offer = forgedOffer(payee, { expires: START + 9 * DAY });
      await expectUnpaid(rig, offer.bytes, 'OFFLINE_TOO_LONG');
    },
  ],
  [
    'over-payment-limit',
    'more than one payment may be',
    ['TS-LIM-3'],
    async (rig) => {
      await rig.start();
      await rig.load(20_000n);
      await expectUnpaid(rig, till(rig, 10_001n).offer.bytes, 'OVER_PAYMENT_LIMIT');
    },
  ],
  [
    'over-total-limit',
    'more than all payments since the last sync may be, through a loss of power',
    ['TS-LIM-4', 'TS-PUR-5'],
    async (rig) => {
      await rig.start({ policy: tierPolicy({ totalMax: 5_000n }) });
      await rig.load(9_000n);
      await payWhole(rig, till(rig, 3_000n));
      await rig.iut.restart();
      await rig.clock(START);
      await expectUnpaid(rig, till(rig, 2_001n, 'b').offer.bytes, 'OVER_TOTAL_LIMIT');
      await payWhole(rig, till(rig, 2_000n, 'c'));
    },
  ],
  [
    'over-count-limit',
    'more payments than there may be since the last sync',
    ['TS-LIM-5'],
    async (rig) => {
      await rig.start({ policy: tierPolicy({ countMax: 2 }) });
      await rig.load(9_000n);
      await payWhole(rig, till(rig, 100n, 'a'));
      await payWhole(rig, till(rig, 100n, 'b'));
      await expectUnpaid(rig, till(rig, 100n, 'c').offer.bytes, 'OVER_COUNT_LIMIT');
    },
  ],
  [
    'insufficient-funds',
    'more than there is',
    ['TS-LIM-6'],
    async (rig) => {
      await rig.start();
      await rig.load(500n);
      await expectUnpaid(rig, till(rig, 501n).offer.bytes, 'INSUFFICIENT_FUNDS');
    },
  ],
  [
    'own-certificate-revoked',
    'a purse whose own certificate is revoked pays nobody but its issuer',
    ['TS-LST-4', 'TS-PAY-12'],
    async (rig) => {
      await rig.start();
      await rig.load(2_000n);
      await rig.tellList({ revoked: [rig.own.profile.statusIndex] });
      await expectUnpaid(rig, till(rig, 100n).offer.bytes, 'REVOKED');
    },
  ],
  [
    'pin-required',
    'above the step-up the holder is verified, and last of all',
    ['TS-HLD-1', 'TS-HLD-2', 'TS-HLD-3'],
    async (rig) => {
      await rig.start({ pin: pin('2468') });
      await rig.load(9_000n);
      const { offer } = till(rig, 6_000n);
      await expectUnpaid(rig, offer.bytes, 'PIN_REQUIRED');
      await expectUnpaid(rig, offer.bytes, 'PIN_WRONG', { pin: pin('1111') });
      await expectUnpaid(rig, till(rig, 9_001n, 'b').offer.bytes, 'INSUFFICIENT_FUNDS');
      expectPayment(rig, await rig.pay(offer.bytes, { pin: pin('2468') }), offer);
    },
  ],
  [
    'pin-blocked',
    'after five wrong PINs it is blocked, and a loss of power gives no try back',
    ['TS-HLD-3'],
    async (rig) => {
      await rig.start({ pin: pin('2468') });
      await rig.load(9_000n);
      const { offer } = till(rig, 6_000n);
      for (let tries = 0; tries < 5; tries++) {
        if (tries === 3) {
          await rig.iut.restart();
          await rig.clock(START);
        }
        await expectUnpaid(rig, offer.bytes, 'PIN_WRONG', { pin: pin('1111') });
      }
      await expectUnpaid(rig, offer.bytes, 'PIN_BLOCKED', { pin: pin('2468') });
    },
  ],
  [
    'long-refusal',
    'an offer frame longer than any frame',
    ['TS-ENC-4', 'TS-SES-1'],
    async (rig) => {
      await rig.start();
      await rig.load(5_000n);
      const proof = encodeFrame({ kind: 7, proof: new Uint8Array(65_000) });
      const tooLong = Uint8Array.of(...proof, ...new Uint8Array(2_000));
      await expectUnpaid(rig, tooLong, 'OVERSIZED');
    },
  ],
];

function pin(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export const payerLimits: readonly Case[] = topic('payer', ['payer'], limits);
