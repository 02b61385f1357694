import {
  decodeSigned,
  decodeUpload,
  encodeFrame,
  equal,
  RECORD,
  recordId,
} from '@tallystick/protocol';
import { DAY, START } from '@tallystick/trusted-app/testing';
import { Books } from '../rig/log.ts';
import {
  acceptBy,
  expectInDoubt,
  expectPayment,
  expectUnpaid,
  loadedAndPaid,
  payWhole,
  till,
} from '../rig/paid.ts';
import { expectCode } from '../rig/expect.ts';
import { offering } from '../rig/counterpart.ts';
import { tierPolicy } from '../rig/issuer.ts';
import { receive } from '../rig/received.ts';
import { withBadSignature } from '../rig/spoil.ts';
import { expectThat } from '../rig/violation.ts';
import { type Case, type Row, topic } from '../case.ts';
import { ORDER } from '../pipe/messages.ts';

const ANY = ['payer', 'payee'] as const;

const logs: readonly Row[] = [
  [
    'whole-log',
    'the log is uploaded whole, each entry on the head before it, and says the balance',
    ['TS-SYN-1', 'TS-SYN-2', 'TS-LOG-1', 'TS-LOG-2', 'TS-LOG-3', 'TS-LOG-4'],
    async (rig) => {
      await rig.start();
      const books = new Books(rig);
      await rig.load(2_000n);
      await rig.load(100n);
      const stated = await books.state();
      const { balance } = stated.content;
      expectThat(balance === 2_100n, 'a balance of 2100', `${balance}`, stated.message);
      await books.answer(stated);
      await rig.expectBalance(2_100n, 'after the sync');
    },
  ],
  [
    'same-statement',
    'asked twice with nothing new between, it states the same; also when the reply was lost',
    ['TS-SYN-1', 'TS-SYN-3'],
    async (rig) => {
      await rig.start();
      const books = new Books(rig);
      await rig.load(500n);
      const first = await books.state();
      await rig.codeOf({ kind: ORDER.reply, body: null });
      const second = await books.state();
      expectThat(equal(first.id, second.id), 'the same statement', 'another', second.message);
      await rig.iut.restart();
      await rig.clock(START);
      const third = await books.state();
      expectThat(equal(first.id, third.id), 'the same statement', 'another', third.message);
      await books.answer(third);
    },
  ],
  [
    'numbering-goes-on',
    'after a sync the log goes on where it was, and only what is new is uploaded',
    ['TS-LOG-1', 'TS-LOG-6', 'TS-SYN-2', 'TS-SYN-4', 'TS-SYN-6'],
    async (rig) => {
      await rig.start();
      const books = new Books(rig);
      await rig.load(500n);
      await books.answer(await books.state());
      await rig.load(300n);
      await rig.iut.restart();
      await rig.clock(START);
      const stated = await books.state();
      const { balance } = stated.content;
      expectThat(balance === 800n, 'a balance of 800', `${balance}`, stated.message);
      await books.answer(stated);
    },
  ],
  [
    'adoption',
    'newer issuer data is adopted in the log, and stated',
    ['TS-POL-4', 'TS-SYN-1', 'TS-TIM-2'],
    async (rig) => {
      await rig.start();
      const books = new Books(rig);
      await rig.tellList({ issuedAt: START + 500 });
      const { content, records, message } = await books.state();
      const wanted = `list ${rig.issuer.listVersion} and floor ${START + 500}`;
      const seen = `list ${content.listVersion} and floor ${content.floor}`;
      expectThat(seen === wanted, wanted, seen, message);
      const isLogged = records.some(
        (record) => record.kind === RECORD.adopt && record.listVersion === content.listVersion,
      );
      expectThat(isLogged, 'an adoption of the list in the log (TS-POL-4)', 'none', message);
    },
  ],
];

/** A purse that has stated its log, with an answer to it that a case makes. */
function refusing(
  row: readonly [name: string, title: string, clauses: readonly string[], code: string],
  make: (of: {
    readonly rig: Parameters<Case['run']>[0];
    readonly id: Uint8Array;
    readonly seq: number;
  }) => Uint8Array,
): Row {
  const [name, title, clauses, code] = row;
  const run: Case['run'] = async (rig) => {
    await rig.start();
    const books = new Books(rig);
    await rig.load(500n);
    await books.answer(await books.state());
    await rig.load(200n);
    const { id, content } = await books.state();
    const answer = make({ rig, id, seq: content.seq });
    expectCode(
      await rig.codeOf({ kind: ORDER.reply, body: rig.issuer.reply(answer) }),
      code,
      answer,
    );
    const again = await books.state();
    await books.answer(again);
    await rig.expectBalance(700n, 'after an honest answer');
  };
  return [name, title, clauses, run];
}

const answers: readonly Row[] = [
  refusing(
    ['other-statement', 'an answer to another statement', ['TS-SYN-4'], 'WRONG_STATEMENT'],
    ({ rig, seq }) => rig.issuer.own.answer(new Uint8Array(32).fill(3), seq, 2, START),
  ),
  refusing(
    ['old-epoch', 'an answer of an older epoch', ['TS-POL-3', 'TS-SYN-4'], 'STALE'],
    ({ rig, id, seq }) => rig.issuer.own.answer(id, seq, 0, START),
  ),
  refusing(
    [
      'forged-answer',
      'an answer whose signature does not verify',
      ['TS-SYN-4', 'TS-SIG-3'],
      'BAD_SIGNATURE',
    ],
    ({ rig, id, seq }) => withBadSignature(rig.issuer.own.answer(id, seq, 2, START)),
  ),
  refusing(
    [
      'answer-too-far',
      'an answer that acknowledges more than was stated',
      ['TS-SYN-4'],
      'WRONG_STATEMENT',
    ],
    ({ rig, id, seq }) => rig.issuer.own.answer(id, seq + 1, 2, START),
  ),
  refusing(
    ['answer-of-the-future', 'an answer from far ahead of the clock', ['TS-TIM-3'], 'TIME_SKEW'],
    ({ rig, id, seq }) => rig.issuer.own.answer(id, seq, 2, START + 31 * DAY),
  ),
  [
    'answer-of-other-participant',
    'an answer of another participant',
    ['TS-CRT-6', 'TS-SYN-4'],
    async (rig) => {
      await rig.start();
      const books = new Books(rig);
      const { id, content } = await books.state();
      const { other } = rig.issuer;
      const answer = other.answer(id, content.seq, 1, START);
      const certificates = [other.issuer.certificate];
      const body = rig.issuer.reply(answer, { certificates });
      expectCode(await rig.codeOf({ kind: ORDER.reply, body }), 'WRONG_ROLE', answer);
    },
  ],
  [
    'answer-torn',
    'the power fails while an answer is taken in: it is in, or the same answer is taken again',
    ['TS-SYN-4', 'TS-ERR-4', 'TS-PUR-5'],
    async (rig) => {
      await rig.start();
      const books = new Books(rig);
      await rig.load(500n);
      const { id, content } = await books.state();
      const body = rig.issuer.reply(rig.issuer.own.answer(id, content.seq, 1, START));
      await rig.iut.orderAndKill({ kind: ORDER.reply, body }, 2);
      await rig.clock(START);
      const [upload = new Uint8Array(0)] = await rig.done({ kind: ORDER.sync });
      const again = recordId(decodeSigned(decodeUpload(upload).statement));
      if (equal(again, id)) await rig.done({ kind: ORDER.reply, body });
      await rig.expectBalance(500n, 'after the power came back');
    },
  ],
];

const payers: readonly Row[] = [
  [
    'settled',
    'a payment that the issuer knows to be accepted is no longer in doubt',
    ['TS-SYN-4', 'TS-RCP-2'],
    async (rig) => {
      const { payee, offer, paid } = await loadedAndPaid(rig, 1_000n);
      acceptBy(payee, offer, paid, rig);
      await rig.end();
      const books = new Books(rig);
      await books.answer(await books.state(), [paid.id]);
      await expectInDoubt(rig);
      await rig.expectBalance(4_000n, 'after the sync');
    },
  ],
  [
    'counters-anew',
    'after a sync the limits since the last sync start anew',
    ['TS-SYN-4', 'TS-LIM-4', 'TS-LIM-5'],
    async (rig) => {
      await rig.start({ policy: tierPolicy({ totalMax: 3_000n, countMax: 2 }) });
      const books = new Books(rig);
      await rig.load(9_000n);
      const first = await payWhole(rig, till(rig, 2_500n));
      await expectUnpaid(rig, till(rig, 501n, 'b').offer.bytes, 'OVER_TOTAL_LIMIT');
      await books.answer(await books.state(), [first.id]);
      await payWhole(rig, till(rig, 2_500n, 'c'));
      await rig.expectBalance(4_000n, 'after both payments');
    },
  ],
  [
    'closure',
    'what the issuer closes is taken back, once',
    ['TS-SYN-7', 'TS-VOI-3'],
    async (rig) => {
      const { paid } = await loadedAndPaid(rig, 1_000n);
      await rig.end();
      const books = new Books(rig);
      const stated = await books.state();
      const closure = rig.issuer.own.close(paid.id, new Uint8Array(32), START);
      await books.answer(stated, [], START, [closure]);
      await rig.expectBalance(5_000n, 'after the closure');
      await expectInDoubt(rig);
      await books.answer(await books.state(), [], START, [closure]);
      await rig.expectBalance(5_000n, 'after the closure again');
    },
  ],
  [
    'closure-of-other-participant',
    'a closure of another participant takes nothing back',
    ['TS-CRT-6', 'TS-SYN-7'],
    async (rig) => {
      const { paid } = await loadedAndPaid(rig, 1_000n);
      await rig.end();
      const books = new Books(rig);
      const { id, content } = await books.state();
      const { other, own } = rig.issuer;
      const closures = [other.close(paid.id, new Uint8Array(32), START)];
      const certificates = [own.issuer.certificate, other.issuer.certificate];
      const answer = own.answer(id, content.seq, 1, START);
      const body = rig.issuer.reply(answer, { closures, certificates });
      await rig.codeOf({ kind: ORDER.reply, body });
      await rig.expectBalance(4_000n, 'after a closure of another participant');
      await expectInDoubt(rig, paid);
    },
  ],
  [
    'unload',
    'money goes back to the issuer, whatever its limits for others are',
    ['TS-PAY-12', 'TS-LIM-3'],
    async (rig) => {
      await rig.start({ policy: tierPolicy({ stepUpAbove: 50_000n }) });
      const books = new Books(rig);
      await rig.load(20_000n);
      await rig.tellList({ revoked: [rig.own.profile.statusIndex], issuedAt: START + 9 * DAY });
      const { unloadCode, issuer } = rig.issuer.own;
      const code = offering(unloadCode, issuer.certificate);
      const paid = expectPayment(rig, await rig.pay(code.bytes, { amount: 15_000n }), code);
      await rig.end();
      const { hop } = paid.content.value;
      expectThat(hop === 0, 'the hop of what it took from: 0', `${hop}`, paid.payment);
      await books.answer(await books.state(), [paid.id]);
      await rig.expectBalance(5_000n, 'after the unload');
      await expectInDoubt(rig);
    },
  ],
  [
    'unblock',
    'the answer to a statement that says so unblocks the PIN',
    ['TS-HLD-3', 'TS-SYN-4', 'TS-SYN-1'],
    async (rig) => {
      const typed = (text: string): Uint8Array =>
        Uint8Array.from(text, (character) => character.charCodeAt(0));
      await rig.start({ pin: typed('2468') });
      const books = new Books(rig);
      await rig.load(9_000n);
      const { offer } = till(rig, 6_000n);
      for (let tries = 0; tries < 5; tries++) await rig.pay(offer.bytes, { pin: typed('1111') });
      await expectUnpaid(rig, offer.bytes, 'PIN_BLOCKED', { pin: typed('2468') });
      const stated = await books.state();
      const { condition } = stated.content;
      expectThat(condition === 2, 'condition 2, PIN blocked', `${condition}`, stated.message);
      await books.answer(stated);
      expectPayment(rig, await rig.pay(offer.bytes, { pin: typed('2468') }), offer);
    },
  ],
];

const both: readonly Row[] = [
  [
    'hops',
    'received money is spent at once, the least travelled first, and each hop counts',
    ['TS-PAY-9', 'TS-LIM-7'],
    async (rig) => {
      await rig.start();
      await rig.load(500n);
      await receive(rig, 300n);
      const first = await payWhole(rig, till(rig, 400n, 'a'));
      expectThat(first.content.value.hop === 1, 'hop 1', `${first.content.value.hop}`);
      const second = await payWhole(rig, till(rig, 300n, 'b'));
      expectThat(second.content.value.hop === 2, 'hop 2', `${second.content.value.hop}`);
      await rig.expectBalance(100n, 'after both');
    },
  ],
  [
    'hop-limit',
    'money that changed hands as often as allowed is spent no more offline, but goes home',
    ['TS-LIM-7', 'TS-PAY-12', 'TS-PAY-9'],
    async (rig) => {
      await rig.start({ policy: { hopMax: 1 } });
      await receive(rig, 300n);
      await expectUnpaid(rig, till(rig, 300n, 'b').offer.bytes, 'OVER_HOP_LIMIT');
      const { unloadCode, issuer } = rig.issuer.own;
      const code = offering(unloadCode, issuer.certificate);
      const paid = expectPayment(rig, await rig.pay(code.bytes, { amount: 300n }), code);
      expectThat(paid.content.value.hop === 1, 'hop 1', `${paid.content.value.hop}`);
    },
  ],
  [
    'restored-hops',
    'what is taken back is as far travelled as it was',
    ['TS-VOI-3', 'TS-PAY-9'],
    async (rig) => {
      await rig.start();
      await rig.load(200n);
      await receive(rig, 300n);
      const at = till(rig, 500n, 'a');
      const paid = expectPayment(rig, await rig.pay(at.offer.bytes), at.offer);
      const { payee } = at;
      const voided = payee.forge(payee.certificate, [4, 9, new Uint8Array(32), paid.id]);
      await rig.deliver(encodeFrame({ kind: 5, void: voided }));
      await rig.end();
      await rig.expectBalance(500n, 'after the void');
      const next = await payWhole(rig, till(rig, 200n, 'b'));
      expectThat(next.content.value.hop === 1, 'hop 1', `${next.content.value.hop}`);
    },
  ],
  [
    'whole-story',
    'loads, payments both ways, a void and a taken-back payment: the log adds up',
    ['TS-SYN-1', 'TS-SYN-2', 'TS-LOG-1', 'TS-LOG-3', 'TS-LOG-4', 'TS-VOI-3'],
    async (rig) => {
      await rig.start();
      const books = new Books(rig);
      await rig.load(3_000n);
      await receive(rig, 700n);
      const first = await payWhole(rig, till(rig, 1_000n, 'a'));
      const torn = till(rig, 400n, 'b');
      const paid = expectPayment(rig, await rig.pay(torn.offer.bytes), torn.offer);
      const voided = torn.payee.forge(torn.payee.certificate, [4, 9, new Uint8Array(32), paid.id]);
      await rig.deliver(encodeFrame({ kind: 5, void: voided }));
      await rig.end();
      await rig.iut.restart();
      await rig.clock(START);
      const stated = await books.state();
      const kinds = stated.records.map(({ kind }) => kind).join();
      expectThat(kinds.includes('5'), 'the restore in the log', kinds, stated.message);
      await books.answer(stated, [first.id]);
      await rig.expectBalance(2_700n, 'after all of it');
    },
  ],
];

export const syncCases: readonly Case[] = [
  ...topic('sync', ANY, [...logs, ...answers]),
  ...topic('sync', ['payer'], payers),
  ...topic('both', ANY, both, true),
];
