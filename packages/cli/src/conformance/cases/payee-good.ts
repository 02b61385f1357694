import { ED25519, encodeFrame } from '@tallystick/protocol';
import { START } from '@tallystick/trusted-app/testing';
import {
  counterpart,
  expectReceipt,
  expectVoid,
  forgePayment,
  fund,
  payFrame,
  payFrom,
  presentFrame,
} from '../rig/counterpart.ts';
import { expectNoFrame, expectRefused } from '../rig/expect.ts';
import { withSignature } from '../rig/spoil.ts';
import { offered } from '../rig/offered.ts';
import { expectSame, payerWith, receive } from '../rig/received.ts';
import { expectThat } from '../rig/violation.ts';
import { type Case, topic } from '../case.ts';

export const payeeCases: readonly Case[] = topic(
  'payee',
  ['payee'],
  [
    [
      'offer',
      'an offer carries a signed request as it was ordered, with time left to answer it',
      ['TS-REQ-1', 'TS-SES-1', 'TS-SIG-1', 'TS-SIG-4', 'TS-ENC-2', 'TS-CRT-3'],
      async (rig) => {
        await rig.start();
        const { content, request } = await offered(rig, 1_250n);
        expectThat(content.currency === 978, 'the currency of the scheme', `${content.currency}`);
        expectThat(content.expires > START, 'a later expiry', `${content.expires}`, request);
        const next = await offered(rig, 1_250n);
        const isFresh = next.content.nonce.join() !== content.nonce.join();
        expectThat(isFresh, 'another nonce for another request', 'the same', next.request);
      },
    ],
    [
      'accept',
      'a payment is accepted, and its receipt names it',
      ['TS-RCP-1', 'TS-PAY-4', 'TS-PAY-5', 'TS-SES-3'],
      async (rig) => {
        await rig.start();
        await receive(rig, 1_250n);
        await rig.expectBalance(1_250n, 'after the payment');
      },
    ],
    [
      'open-amount',
      'where the request leaves the amount to the payer, any is accepted',
      ['TS-REQ-1', 'TS-PAY-6'],
      async (rig) => {
        await rig.start();
        const payer = payerWith(rig, 700n);
        const offer = await offered(rig, null);
        const paid = payFrom(payer, offer, 700n);
        const answer = await rig.deliver(payFrame(paid, payer.certificate));
        expectReceipt(rig, answer, offer, paid);
        await rig.expectBalance(700n, 'after the payment');
      },
    ],
    [
      'again',
      'the same payment again gets the same receipt and adds nothing',
      ['TS-ERR-4', 'TS-VOI-4'],
      async (rig) => {
        await rig.start();
        const { payer, offer, receipt, ...paid } = await receive(rig, 1_000n);
        const again = await rig.deliver(payFrame(paid, payer.certificate));
        expectSame(expectReceipt(rig, again, offer, paid), receipt, 'the payment again');
        const present = presentFrame(paid, payer.certificate, offer, false);
        const presented = await rig.deliver(present);
        expectSame(expectReceipt(rig, presented, offer, paid), receipt, 'presented again');
        await rig.expectBalance(1_000n, 'after the same payment three times');
      },
    ],
    [
      'power-after-receipt',
      'money that was receipted survives the loss of power, and is counted once',
      ['TS-RCP-1', 'TS-PUR-5', 'TS-VOI-4', 'TS-LOG-1'],
      async (rig) => {
        await rig.start();
        const { payer, offer, receipt, ...paid } = await receive(rig, 1_000n);
        await rig.iut.restart();
        await rig.clock(START);
        await rig.expectBalance(1_000n, 'after the power came back');
        const again = await rig.deliver(presentFrame(paid, payer.certificate, offer, false));
        expectSame(expectReceipt(rig, again, offer, paid), receipt, 'after the power came back');
        await rig.expectBalance(1_000n, 'after it was presented again');
      },
    ],
    [
      'retry-before-answer',
      'a payment that was never seen is accepted when it is presented after a torn tap',
      ['TS-SES-1', 'TS-REQ-4'],
      async (rig) => {
        await rig.start();
        const payer = payerWith(rig, 500n);
        const offer = await offered(rig, 500n);
        const paid = payFrom(payer, offer);
        await rig.iut.restart();
        await rig.clock(START);
        const answer = await rig.deliver(presentFrame(paid, payer.certificate, offer, false));
        expectReceipt(rig, answer, offer, paid);
        await rig.expectBalance(500n, 'after it was presented');
      },
    ],
    [
      'void',
      'a payment that was not accepted is voided, and never accepted after that',
      ['TS-VOI-1', 'TS-VOI-2'],
      async (rig) => {
        await rig.start();
        const payer = payerWith(rig, 500n);
        const offer = await offered(rig, 500n);
        const paid = payFrom(payer, offer);
        const show = (voidIt: boolean): Uint8Array =>
          presentFrame(paid, payer.certificate, offer, voidIt);
        const first = expectVoid(rig, await rig.deliver(show(true)), offer, paid);
        expectRefused(await rig.deliver(show(false)), 'ALREADY_VOIDED');
        const again = expectVoid(rig, await rig.deliver(show(true)), offer, paid);
        expectSame(again, first, 'the void again');
        await rig.expectBalance(0n, 'after the void');
      },
    ],
    [
      'power-after-void',
      'a void is kept through the loss of power',
      ['TS-VOI-2', 'TS-VOI-4', 'TS-PUR-5'],
      async (rig) => {
        await rig.start();
        const payer = payerWith(rig, 500n);
        const offer = await offered(rig, 500n);
        const paid = payFrom(payer, offer);
        const show = (voidIt: boolean): Uint8Array =>
          presentFrame(paid, payer.certificate, offer, voidIt);
        const first = expectVoid(rig, await rig.deliver(show(true)), offer, paid);
        await rig.iut.restart();
        await rig.clock(START);
        expectRefused(await rig.deliver(show(false)), 'ALREADY_VOIDED');
        const again = expectVoid(rig, await rig.deliver(show(true)), offer, paid);
        expectSame(again, first, 'the void after the power came back');
      },
    ],
    [
      'void-after-accept',
      'who asks for a void of an accepted payment gets its receipt',
      ['TS-VOI-2'],
      async (rig) => {
        await rig.start();
        const { payer, offer, receipt, ...paid } = await receive(rig, 1_000n);
        const show = presentFrame(paid, payer.certificate, offer, true);
        const answer = await rig.deliver(show);
        expectNoFrame(answer, 5);
        expectSame(expectReceipt(rig, answer, offer, paid), receipt, 'asked for a void');
        await rig.iut.restart();
        await rig.clock(START);
        const later = await rig.deliver(show);
        expectNoFrame(later, 5);
        expectSame(expectReceipt(rig, later, offer, paid), receipt, 'after the power came back');
        await rig.expectBalance(1_000n, 'after both');
      },
    ],
    [
      'known-certificate',
      'a payer it knows may leave its certificate out, or is asked for it',
      ['TS-SES-1', 'TS-CRT-4', 'TS-CRT-12'],
      async (rig) => {
        await rig.start();
        const payer = payerWith(rig, 900n);
        await receive(rig, 400n, payer);
        const offer = await offered(rig, 500n);
        const paid = payFrom(payer, offer);
        const short = await rig.deliver(payFrame(paid, null));
        const isAsked = short.code === 'UNKNOWN_CERTIFICATE';
        const answer = isAsked ? await rig.deliver(payFrame(paid, payer.certificate)) : short;
        expectReceipt(rig, answer, offer, paid);
        await rig.expectBalance(900n, 'after both payments');
      },
    ],
    [
      'unknown-certificate',
      'a payer it does not know is asked for its certificate',
      ['TS-CRT-4', 'TS-SES-1'],
      async (rig) => {
        await rig.start();
        const payer = payerWith(rig, 500n);
        const offer = await offered(rig, 500n);
        const paid = payFrom(payer, offer);
        expectRefused(await rig.deliver(payFrame(paid, null)), 'UNKNOWN_CERTIFICATE');
        const answer = await rig.deliver(payFrame(paid, payer.certificate));
        expectReceipt(rig, answer, offer, paid);
      },
    ],
    [
      'static-code',
      'a static code is answered by anyone, any number of times, each payment once',
      ['TS-REQ-3', 'TS-VOI-4'],
      async (rig) => {
        await rig.start();
        const code = await offered(rig, null, true);
        const [ada, bo] = [payerWith(rig, 900n, 'ada'), payerWith(rig, 900n, 'bo')];
        const first = payFrame(payFrom(ada, code, 100n), ada.certificate);
        for (const frame of [
          first,
          payFrame(payFrom(bo, code, 200n), bo.certificate),
          first,
          payFrame(payFrom(ada, code, 300n), ada.certificate),
        ]) {
          const { code: refused } = await rig.deliver(frame);
          expectThat(refused === null, 'that each is accepted', `${refused}`, frame);
        }
        await rig.expectBalance(600n, 'after three payments, one shown twice');
        await rig.iut.restart();
        await rig.clock(START);
        await rig.deliver(first);
        await rig.expectBalance(600n, 'after the first was shown once more');
      },
    ],
    [
      'ed25519-payer',
      'a payer that signs with Ed25519 is as good',
      ['TS-ALG-1', 'TS-ALG-3', 'TS-ALG-5'],
      async (rig) => {
        await rig.start();
        const payer = counterpart(rig, 'payer', {}, ED25519);
        fund(rig, payer, 800n);
        await receive(rig, 800n, payer);
        await rig.expectBalance(800n, 'after the payment');
      },
    ],
    [
      'payer-in-grace',
      'between soft and hard expiry a payer is accepted as before',
      ['TS-POL-8', 'TS-CRT-7'],
      async (rig) => {
        await rig.start();
        const payer = counterpart(rig, 'payer', { expires: START + 3_600 });
        fund(rig, payer, 800n);
        await rig.tellList({ issuedAt: START + 3_599 });
        await receive(rig, 800n, payer);
        await rig.expectBalance(800n, 'after the payment');
      },
    ],
    [
      'lower-position',
      'a payment at a lower position than one before is an honest retry, and accepted',
      ['TS-VOI-4', 'TS-PAY-1'],
      async (rig) => {
        await rig.start();
        const payer = counterpart(rig, 'payer');
        for (const seq of [9, 7]) {
          const offer = await offered(rig, 1_000n);
          const paid = forgePayment(payer, offer, { seq });
          expectReceipt(rig, await rig.deliver(payFrame(paid, payer.certificate)), offer, paid);
        }
        await rig.expectBalance(2_000n, 'after both');
      },
    ],
    [
      'other-signature',
      'another signature over the same payment is the same payment',
      ['TS-SIG-2', 'TS-ERR-4'],
      async (rig) => {
        await rig.start();
        const { payer, offer, receipt, payment, id } = await receive(rig, 1_000n);
        // Whoever the signature is by: the id is of the content, and the content was answered.
        const other = { payment: withSignature(payment, new Uint8Array(64).fill(1)), id };
        const answer = await rig.deliver(presentFrame(other, payer.certificate, offer, false));
        expectSame(expectReceipt(rig, answer, offer, other), receipt, 'another signature');
        await rig.expectBalance(1_000n, 'after one payment under several signatures');
      },
    ],
    [
      'refusal-answers-nothing',
      'a refusal that answers nothing is passed over',
      ['TS-SES-2', 'TS-SES-1'],
      async (rig) => {
        await rig.start();
        const payer = payerWith(rig, 500n);
        const offer = await offered(rig, 500n);
        await rig.deliver(encodeFrame({ kind: 8, code: 'STALE', listVersion: 1 }));
        const paid = payFrom(payer, offer);
        const answer = await rig.deliver(payFrame(paid, payer.certificate));
        expectReceipt(rig, answer, offer, paid);
      },
    ],
  ],
);
