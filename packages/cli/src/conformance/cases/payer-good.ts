import { decodePayload, decodeSigned, encodeFrame, equal, receipt } from '@tallystick/protocol';
import { START } from '@tallystick/trusted-app/testing';
import { counterOffer, counterpart, stranger } from '../rig/counterpart.ts';
import { expectNoFrame } from '../rig/expect.ts';
import {
  acceptBy,
  expectInDoubt,
  expectPayment,
  expectPresented,
  expectUnpaid,
  loadedAndPaid,
  payWhole,
  till,
  voidBy,
} from '../rig/paid.ts';
import { expectSame } from '../rig/received.ts';
import { withBadSignature } from '../rig/spoil.ts';
import { expectThat } from '../rig/violation.ts';
import { type Case, type Row, topic } from '../case.ts';

const payments: readonly Row[] = [
  [
    'pay',
    'a payment answers its request, and a real purse accepts it',
    ['TS-PAY-1', 'TS-PAY-2', 'TS-PAY-5', 'TS-SIG-1', 'TS-SES-1', 'TS-SES-3'],
    async (rig) => {
      const { payee, offer, paid } = await loadedAndPaid(rig, 1_250n);
      const { value, acceptMinutes, syncedAt } = paid.content;
      expectThat(value.amount === 1_250n, 'the amount asked for', `${value.amount}`, paid.payment);
      expectThat(value.hop === 1, 'hop 1 for loaded money', `${value.hop}`, paid.payment);
      const within = syncedAt === START && acceptMinutes >= 1_440 && acceptMinutes <= 8 * 1_440;
      expectThat(within, 'a time to accept within the policy', `${acceptMinutes}`, paid.payment);
      const isThere = paid.certificate !== null && equal(paid.certificate, rig.certificate);
      expectThat(isThere, 'its certificate for a new payee', 'none', paid.payment);
      await rig.deliver(acceptBy(payee, offer, paid, rig));
      await rig.expectBalance(3_750n, 'after the payment');
    },
  ],
  [
    'receipt',
    'with its receipt a payment is no longer in doubt',
    ['TS-RCP-2', 'TS-PAY-11'],
    async (rig) => {
      const { payee, offer, paid } = await loadedAndPaid(rig, 1_000n);
      await expectInDoubt(rig, paid);
      await rig.deliver(acceptBy(payee, offer, paid, rig));
      await expectInDoubt(rig);
    },
  ],
  [
    'receipt-lost',
    'a payment without its receipt is shown again, and is the same',
    ['TS-PAY-11', 'TS-SES-1'],
    async (rig) => {
      const { payee, offer, paid } = await loadedAndPaid(rig, 1_000n);
      acceptBy(payee, offer, paid, rig);
      await rig.end();
      await expectInDoubt(rig, paid);
      const again = expectPresented(rig, await rig.ask(paid.id, false), offer, false);
      expectSame(again.id, paid.id, 'the payment again');
      await rig.deliver(acceptBy(payee, offer, again, rig));
      await expectInDoubt(rig);
      await rig.expectBalance(4_000n, 'after one payment');
    },
  ],
  [
    'power-after-payment',
    'a payment that left is debited and shown again after the loss of power',
    ['TS-PAY-3', 'TS-PAY-11', 'TS-PUR-5'],
    async (rig) => {
      const { payee, offer, paid } = await loadedAndPaid(rig, 1_000n);
      await rig.iut.restart();
      await rig.clock(START);
      await rig.expectBalance(4_000n, 'after the power came back');
      await expectInDoubt(rig, paid);
      const again = expectPresented(rig, await rig.ask(paid.id, false), offer, false);
      expectSame(again.id, paid.id, 'the payment after the power came back');
      await rig.deliver(acceptBy(payee, offer, again, rig));
      await expectInDoubt(rig);
    },
  ],
  [
    'power-while-paying',
    'the power fails while it pays: either nothing happened, or it is debited and in doubt',
    ['TS-PUR-5', 'TS-PAY-3'],
    async (rig) => {
      await rig.start();
      await rig.load(5_000n);
      let left = 5_000n;
      for (const [index, ms] of [0, 2, 5].entries()) {
        const { offer } = till(rig, 100n, `payee ${index}`);
        const choice = { amount: null, despiteDoubt: false, pin: null } as const;
        await rig.iut.orderAndKill({ kind: 9, offer: offer.bytes, ...choice }, ms);
        await rig.clock(START);
        const { balance, inDoubt } = await rig.state();
        const debited = (5_000n - balance) / 100n;
        const isWhole = balance <= left && balance >= left - 100n;
        expectThat(isWhole, `a balance of ${left} or 100 less`, `${balance}`);
        const seen = `${inDoubt.length} in doubt, and ${debited} debited`;
        expectThat(BigInt(inDoubt.length) === debited, 'each debited payment in doubt', seen);
        left = balance;
      }
      // And it goes on.
      const at = till(rig, 100n, 'last');
      await payWhole(rig, at);
      await rig.expectBalance(left - 100n, 'after one more payment');
    },
  ],
  [
    'static-code',
    'a static code is paid like any request',
    ['TS-REQ-3', 'TS-REQ-2'],
    async (rig) => {
      await rig.start();
      await rig.load(2_000n);
      const shop = counterpart(rig, 'shop', { tier: 2, subject: 'Kiosk 7' });
      const code = counterOffer(shop, null, { isStatic: true });
      const answer = await rig.pay(code.bytes, { amount: 300n });
      const paid = expectPayment(rig, answer, code);
      expectThat(paid.content.value.amount === 300n, 'the chosen amount', 'another', paid.payment);
      await rig.deliver(acceptBy(shop, code, paid, rig));
      await rig.expectBalance(1_700n, 'after the payment');
    },
  ],
  [
    'certificate-asked-for',
    'a payee that asks for the certificate gets it',
    ['TS-CRT-4', 'TS-SES-1'],
    async (rig) => {
      await rig.start();
      await rig.load(2_000n);
      const at = till(rig, 500n);
      await payWhole(rig, at);
      const next = counterOffer(at.payee, 600n);
      const answer = await rig.pay(next.bytes);
      let paid = expectPayment(rig, answer, next);
      if (paid.certificate === null) {
        const refuse = encodeFrame({ kind: 8, code: 'UNKNOWN_CERTIFICATE', listVersion: 1 });
        const again = expectPayment(rig, await rig.deliver(refuse), next);
        expectSame(again.id, paid.id, 'the payment with its certificate');
        paid = again;
      }
      const isThere = paid.certificate !== null && equal(paid.certificate, rig.certificate);
      expectThat(isThere, 'its certificate', 'none', paid.payment);
      await rig.deliver(acceptBy(at.payee, next, paid, rig));
      await rig.expectBalance(900n, 'after both payments');
    },
  ],
];

const doubts: readonly Row[] = [
  [
    'void',
    'a voided payment is taken back, once',
    ['TS-VOI-3'],
    async (rig) => {
      const { payee, offer, paid } = await loadedAndPaid(rig, 1_000n);
      await rig.end();
      const shown = expectPresented(rig, await rig.ask(paid.id, true), offer, true);
      expectSame(shown.id, paid.id, 'the payment to be voided');
      const release = voidBy(payee, offer, shown, rig);
      await rig.deliver(release);
      await rig.expectBalance(5_000n, 'after the void');
      await expectInDoubt(rig);
      await rig.deliver(release);
      await rig.expectBalance(5_000n, 'after the void again');
      await rig.iut.restart();
      await rig.clock(START);
      await rig.expectBalance(5_000n, 'after the power came back');
    },
  ],
  [
    'foreign-void',
    'the void of somebody else takes nothing back',
    ['TS-VOI-3', 'TS-RCP-2'],
    async (rig) => {
      const { offer, paid } = await loadedAndPaid(rig, 1_000n);
      const other = stranger('other', rig.issuer.other);
      const message = other.forge(other.certificate, [4, 3, new Uint8Array(32), paid.id]);
      await rig.deliver(encodeFrame({ kind: 5, void: message }));
      await rig.expectBalance(4_000n, 'after a void of somebody else');
      await expectInDoubt(rig, paid);
      await rig.end();
      expectPresented(rig, await rig.ask(paid.id, false), offer, false);
    },
  ],
  [
    'forged-void',
    'a void whose signature does not verify takes nothing back',
    ['TS-VOI-3', 'TS-SIG-3'],
    async (rig) => {
      const { payee, paid } = await loadedAndPaid(rig, 1_000n);
      const content = [4, 3, new Uint8Array(32), paid.id];
      const message = withBadSignature(payee.forge(payee.certificate, content));
      await rig.deliver(encodeFrame({ kind: 5, void: message }));
      await rig.expectBalance(4_000n, 'after a forged void');
      await expectInDoubt(rig, paid);
    },
  ],
  [
    'void-of-another',
    'a void of another payment takes nothing back',
    ['TS-VOI-3'],
    async (rig) => {
      const { payee, paid } = await loadedAndPaid(rig, 1_000n);
      const content = [4, 3, new Uint8Array(32), new Uint8Array(32).fill(5)];
      const message = payee.forge(payee.certificate, content);
      await rig.deliver(encodeFrame({ kind: 5, void: message }));
      await rig.expectBalance(4_000n, 'after a void of another payment');
      await expectInDoubt(rig, paid);
    },
  ],
  [
    'void-after-receipt',
    'a void that comes after the receipt takes nothing back',
    ['TS-VOI-2', 'TS-VOI-3'],
    async (rig) => {
      const { payee, offer, paid } = await loadedAndPaid(rig, 1_000n);
      await rig.deliver(acceptBy(payee, offer, paid, rig));
      const message = payee.forge(payee.certificate, [4, 9, new Uint8Array(32), paid.id]);
      await rig.deliver(encodeFrame({ kind: 5, void: message }));
      await rig.expectBalance(4_000n, 'after a void of a broken payee');
    },
  ],
  [
    'foreign-receipt',
    'the receipt of somebody else settles nothing',
    ['TS-RCP-2'],
    async (rig) => {
      const { paid } = await loadedAndPaid(rig, 1_000n);
      const other = stranger('other', rig.issuer.other);
      const fields = receipt.encode({
        seq: 3,
        head: new Uint8Array(32),
        paymentId: paid.id,
        listVersion: 1,
      });
      await rig.deliver(encodeFrame({ kind: 3, receipt: other.forge(other.certificate, fields) }));
      await expectInDoubt(rig, paid);
    },
  ],
  [
    'receipt-of-another',
    'the receipt of another payment settles nothing',
    ['TS-RCP-2', 'TS-RCP-1'],
    async (rig) => {
      const { payee, paid } = await loadedAndPaid(rig, 1_000n);
      const paymentId = new Uint8Array(32).fill(5);
      const place = { seq: 3, head: new Uint8Array(32) };
      const fields = receipt.encode({ ...place, paymentId, listVersion: 1 });
      const message = payee.forge(payee.certificate, fields);
      const read = decodePayload(decodeSigned(message).payload, receipt, 'receipt');
      expectThat(equal(read.paymentId, paymentId), 'another payment', 'the same');
      await rig.deliver(encodeFrame({ kind: 3, receipt: message }));
      await expectInDoubt(rig, paid);
    },
  ],
  [
    'refusal-is-no-void',
    'a refusal alone gives nothing back',
    ['TS-VOI-3', 'TS-SES-1'],
    async (rig) => {
      const { paid } = await loadedAndPaid(rig, 1_000n);
      await rig.deliver(encodeFrame({ kind: 8, code: 'WRONG_AMOUNT', listVersion: 1 }));
      await rig.end();
      await rig.expectBalance(4_000n, 'after a refusal');
      await expectInDoubt(rig, paid);
    },
  ],
  [
    'in-doubt',
    'while a payment to a payee is in doubt, no other to it is started',
    ['TS-PAY-10'],
    async (rig) => {
      const { payee, paid } = await loadedAndPaid(rig, 1_000n);
      await rig.end();
      const next = counterOffer(payee, 200n);
      await expectUnpaid(rig, next.bytes, 'PAYMENT_IN_DOUBT');
      await expectInDoubt(rig, paid);
      // Somebody else may be paid.
      await payWhole(rig, till(rig, 300n, 'other'));
      await rig.expectBalance(3_700n, 'after somebody else was paid');
    },
  ],
  [
    'in-doubt-cleared',
    'a payment in doubt that the payee voids makes way for the next',
    ['TS-PAY-10', 'TS-VOI-3'],
    async (rig) => {
      const { payee, offer, paid } = await loadedAndPaid(rig, 1_000n);
      await rig.end();
      const shown = expectPresented(rig, await rig.ask(paid.id, true), offer, true);
      await rig.deliver(voidBy(payee, offer, shown, rig));
      await rig.end();
      const next = counterOffer(payee, 200n);
      const answer = await rig.pay(next.bytes);
      const after = expectPayment(rig, answer, next);
      await rig.deliver(acceptBy(payee, next, after, rig));
      await rig.expectBalance(4_800n, 'after the second payment');
    },
  ],
  [
    'damaged-answers',
    'answers that do not read settle nothing and end nothing',
    ['TS-ENC-1', 'TS-ENC-3', 'TS-SES-1'],
    async (rig) => {
      const { payee, offer, paid } = await loadedAndPaid(rig, 1_000n);
      const settle = acceptBy(payee, offer, paid, rig);
      for (const frame of [
        Uint8Array.of(0xff),
        new Uint8Array(70_000),
        Uint8Array.of(...settle, 0),
        settle.subarray(0, -1),
      ]) {
        expectNoFrame(await rig.deliver(frame), 2);
        await expectInDoubt(rig, paid);
      }
      await rig.deliver(settle);
      await expectInDoubt(rig);
    },
  ],
];

export const payerCases: readonly Case[] = topic('payer', ['payer'], [...payments, ...doubts]);
