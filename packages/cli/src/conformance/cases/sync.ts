import {
  decodeSigned,
  decodeUpload,
  encodeFrame,
  equal,
  RECORD,
  recordId,
} from '@tallystick/protocol';
import { DAY, START } from '@tallystick/trusted-app/testing';
import { Books } from '../bench/log.ts';
import {
  acceptBy,
  expectInDoubt,
  expectPayment,
  expectUnpaid,
  loadedAndPaid,
  payWhole,
  till,
} from '../bench/paid.ts';
import { expectCode } from '../bench/expect.ts';
import { offering } from '../bench/counterpart.ts';
import { tierPolicy } from '../bench/issuer.ts';
import { receive } from '../bench/received.ts';
import { withBadSignature } from '../bench/spoil.ts';
import { expectThat } from '../bench/violation.ts';
import { type Case, type Row, topic } from '../case.ts';
import { ORDER } from '../pipe/messages.ts';

const ANY = ['payer', 'payee'] as const;

const logs: readonly Row[] = [
  [
    'whole-log',
    'the log is uploaded whole, each entry on the head before it, and says the balance',
    ['TS-SYN-1', 'TS-SYN-2', 'TS-LOG-1', 'TS-LOG-2', 'TS-LOG-3', 'TS-LOG-4'],
    async (bench) => {
      await bench.start();
      const books = new Books(bench);
      await bench.load(2_000n);
      await bench.load(100n);
      const stated = await books.state();
      const { balance } = stated.content;
      expectThat(balance === 2_100n, 'a balance of 2100', `${balance}`, stated.message);
      await books.answer(stated);
      await bench.expectBalance(2_100n, 'after the sync');
    },
  ],
  [
    'same-statement',
    'asked twice with nothing new between, it states the same; also when the reply was lost',
    ['TS-SYN-1', 'TS-SYN-3'],
    async (bench) => {
      await bench.start();
      const books = new Books(bench);
      await bench.load(500n);
      const first = await books.state();
      await bench.codeOf({ kind: ORDER.reply, body: null });
      const second = await books.state();
      expectThat(equal(first.id, second.id), 'the same statement', 'another', second.message);
      await bench.iut.restart();
      await bench.clock(START);
      const third = await books.state();
      expectThat(equal(first.id, third.id), 'the same statement', 'another', third.message);
      await books.answer(third);
    },
  ],
  [
    'numbering-goes-on',
    'after a sync the log goes on where it was, and only what is new is uploaded',
    ['TS-LOG-1', 'TS-LOG-6', 'TS-SYN-2', 'TS-SYN-4', 'TS-SYN-6'],
    async (bench) => {
      await bench.start();
      const books = new Books(bench);
      await bench.load(500n);
      await books.answer(await books.state());
      await bench.load(300n);
      await bench.iut.restart();
      await bench.clock(START);
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
    async (bench) => {
      await bench.start();
      const books = new Books(bench);
      await bench.tellList({ issuedAt: START + 500 });
      const { content, records, message } = await books.state();
      const wanted = `list ${bench.issuer.listVersion} and floor ${START + 500}`;
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
    readonly bench: Parameters<Case['run']>[0];
    readonly id: Uint8Array;
    readonly seq: number;
  }) => Uint8Array,
): Row {
  const [name, title, clauses, code] = row;
  const run: Case['run'] = async (bench) => {
    await bench.start();
    const books = new Books(bench);
    await bench.load(500n);
    await books.answer(await books.state());
    await bench.load(200n);
    const { id, content } = await books.state();
    const answer = make({ bench, id, seq: content.seq });
    expectCode(
      await bench.codeOf({ kind: ORDER.reply, body: bench.issuer.reply(answer) }),
      code,
      answer,
    );
    const again = await books.state();
    await books.answer(again);
    await bench.expectBalance(700n, 'after an honest answer');
  };
  return [name, title, clauses, run];
}

const answers: readonly Row[] = [
  refusing(
    ['other-statement', 'an answer to another statement', ['TS-SYN-4'], 'WRONG_STATEMENT'],
    ({ bench, seq }) => bench.issuer.own.answer(new Uint8Array(32).fill(3), seq, 2, START),
  ),
  refusing(
    ['old-epoch', 'an answer of an older epoch', ['TS-POL-3', 'TS-SYN-4'], 'STALE'],
    ({ bench, id, seq }) => bench.issuer.own.answer(id, seq, 0, START),
  ),
  refusing(
    [
      'forged-answer',
      'an answer whose signature does not verify',
      ['TS-SYN-4', 'TS-SIG-3'],
      'BAD_SIGNATURE',
    ],
    ({ bench, id, seq }) => withBadSignature(bench.issuer.own.answer(id, seq, 2, START)),
  ),
  refusing(
    [
      'answer-too-far',
      'an answer that acknowledges more than was stated',
      ['TS-SYN-4'],
      'WRONG_STATEMENT',
    ],
    ({ bench, id, seq }) => bench.issuer.own.answer(id, seq + 1, 2, START),
  ),
  refusing(
    ['answer-of-the-future', 'an answer from far ahead of the clock', ['TS-TIM-3'], 'TIME_SKEW'],
    ({ bench, id, seq }) => bench.issuer.own.answer(id, seq, 2, START + 31 * DAY),
  ),
  [
    'answer-of-other-participant',
    'an answer of another participant',
    ['TS-CRT-6', 'TS-SYN-4'],
    async (bench) => {
      await bench.start();
      const books = new Books(bench);
      const { id, content } = await books.state();
      const { other } = bench.issuer;
      const answer = other.answer(id, content.seq, 1, START);
      const certificates = [other.issuer.certificate];
      const body = bench.issuer.reply(answer, { certificates });
      expectCode(await bench.codeOf({ kind: ORDER.reply, body }), 'WRONG_ROLE', answer);
    },
  ],
  [
    'answer-torn',
    'the power fails while an answer is taken in: it is in, or the same answer is taken again',
    ['TS-SYN-4', 'TS-ERR-4', 'TS-PUR-5'],
    async (bench) => {
      await bench.start();
      const books = new Books(bench);
      await bench.load(500n);
      const { id, content } = await books.state();
      const body = bench.issuer.reply(bench.issuer.own.answer(id, content.seq, 1, START));
      await bench.iut.orderAndKill({ kind: ORDER.reply, body }, 2);
      await bench.clock(START);
      const [upload = new Uint8Array(0)] = await bench.done({ kind: ORDER.sync });
      const again = recordId(decodeSigned(decodeUpload(upload).statement));
      if (equal(again, id)) await bench.done({ kind: ORDER.reply, body });
      await bench.expectBalance(500n, 'after the power came back');
    },
  ],
];

const payers: readonly Row[] = [
  [
    'settled',
    'a payment that the issuer knows to be accepted is no longer in doubt',
    ['TS-SYN-4', 'TS-RCP-2'],
    async (bench) => {
      const { payee, offer, paid } = await loadedAndPaid(bench, 1_000n);
      acceptBy(payee, offer, paid, bench);
      await bench.end();
      const books = new Books(bench);
      await books.answer(await books.state(), [paid.id]);
      await expectInDoubt(bench);
      await bench.expectBalance(4_000n, 'after the sync');
    },
  ],
  [
    'counters-anew',
    'after a sync the limits since the last sync start anew',
    ['TS-SYN-4', 'TS-LIM-4', 'TS-LIM-5'],
    async (bench) => {
      await bench.start({ policy: tierPolicy({ totalMax: 3_000n, countMax: 2 }) });
      const books = new Books(bench);
      await bench.load(9_000n);
      const first = await payWhole(bench, till(bench, 2_500n));
      await expectUnpaid(bench, till(bench, 501n, 'b').offer.bytes, 'OVER_TOTAL_LIMIT');
      await books.answer(await books.state(), [first.id]);
      await payWhole(bench, till(bench, 2_500n, 'c'));
      await bench.expectBalance(4_000n, 'after both payments');
    },
  ],
  [
    'closure',
    'what the issuer closes is taken back, once',
    ['TS-SYN-7', 'TS-VOI-3'],
    async (bench) => {
      const { paid } = await loadedAndPaid(bench, 1_000n);
      await bench.end();
      const books = new Books(bench);
      const stated = await books.state();
      const closure = bench.issuer.own.close(paid.id, new Uint8Array(32), START);
      await books.answer(stated, [], START, [closure]);
      await bench.expectBalance(5_000n, 'after the closure');
      await expectInDoubt(bench);
      await books.answer(await books.state(), [], START, [closure]);
      await bench.expectBalance(5_000n, 'after the closure again');
    },
  ],
  [
    'closure-of-other-participant',
    'a closure of another participant takes nothing back',
    ['TS-CRT-6', 'TS-SYN-7'],
    async (bench) => {
      const { paid } = await loadedAndPaid(bench, 1_000n);
      await bench.end();
      const books = new Books(bench);
      const { id, content } = await books.state();
      const { other, own } = bench.issuer;
      const closures = [other.close(paid.id, new Uint8Array(32), START)];
      const certificates = [own.issuer.certificate, other.issuer.certificate];
      const answer = own.answer(id, content.seq, 1, START);
      const body = bench.issuer.reply(answer, { closures, certificates });
      await bench.codeOf({ kind: ORDER.reply, body });
      await bench.expectBalance(4_000n, 'after a closure of another participant');
      await expectInDoubt(bench, paid);
    },
  ],
  [
    'unload',
    'money goes back to the issuer, whatever its limits for others are',
    ['TS-PAY-12', 'TS-LIM-3'],
    async (bench) => {
      await bench.start({ policy: tierPolicy({ stepUpAbove: 50_000n }) });
      const books = new Books(bench);
      await bench.load(20_000n);
      await bench.tellList({ revoked: [bench.own.profile.statusIndex], issuedAt: START + 9 * DAY });
      const { unloadCode, issuer } = bench.issuer.own;
      const code = offering(unloadCode, issuer.certificate);
      const paid = expectPayment(bench, await bench.pay(code.bytes, { amount: 15_000n }), code);
      await bench.end();
      const { hop } = paid.content.value;
      expectThat(hop === 0, 'the hop of what it took from: 0', `${hop}`, paid.payment);
      await books.answer(await books.state(), [paid.id]);
      await bench.expectBalance(5_000n, 'after the unload');
      await expectInDoubt(bench);
    },
  ],
  [
    'unblock',
    'the answer to a statement that says so unblocks the PIN',
    ['TS-HLD-3', 'TS-SYN-4', 'TS-SYN-1'],
    async (bench) => {
      const typed = (text: string): Uint8Array =>
        Uint8Array.from(text, (character) => character.charCodeAt(0));
      await bench.start({ pin: typed('2468') });
      const books = new Books(bench);
      await bench.load(9_000n);
      const { offer } = till(bench, 6_000n);
      for (let tries = 0; tries < 5; tries++) await bench.pay(offer.bytes, { pin: typed('1111') });
      await expectUnpaid(bench, offer.bytes, 'PIN_BLOCKED', { pin: typed('2468') });
      const stated = await books.state();
      const { condition } = stated.content;
      expectThat(condition === 2, 'condition 2, PIN blocked', `${condition}`, stated.message);
      await books.answer(stated);
      expectPayment(bench, await bench.pay(offer.bytes, { pin: typed('2468') }), offer);
    },
  ],
];

const both: readonly Row[] = [
  [
    'hops',
    'received money is spent at once, the least travelled first, and each hop counts',
    ['TS-PAY-9', 'TS-LIM-7'],
    async (bench) => {
      await bench.start();
      await bench.load(500n);
      await receive(bench, 300n);
      const first = await payWhole(bench, till(bench, 400n, 'a'));
      expectThat(first.content.value.hop === 1, 'hop 1', `${first.content.value.hop}`);
      const second = await payWhole(bench, till(bench, 300n, 'b'));
      expectThat(second.content.value.hop === 2, 'hop 2', `${second.content.value.hop}`);
      await bench.expectBalance(100n, 'after both');
    },
  ],
  [
    'hop-limit',
    'money that changed hands as often as allowed is spent no more offline, but goes home',
    ['TS-LIM-7', 'TS-PAY-12', 'TS-PAY-9'],
    async (bench) => {
      await bench.start({ policy: { hopMax: 1 } });
      await receive(bench, 300n);
      await expectUnpaid(bench, till(bench, 300n, 'b').offer.bytes, 'OVER_HOP_LIMIT');
      const { unloadCode, issuer } = bench.issuer.own;
      const code = offering(unloadCode, issuer.certificate);
      const paid = expectPayment(bench, await bench.pay(code.bytes, { amount: 300n }), code);
      expectThat(paid.content.value.hop === 1, 'hop 1', `${paid.content.value.hop}`);
    },
  ],
  [
    'restored-hops',
    'what is taken back is as far travelled as it was',
    ['TS-VOI-3', 'TS-PAY-9'],
    async (bench) => {
      await bench.start();
      await bench.load(200n);
      await receive(bench, 300n);
      const at = till(bench, 500n, 'a');
      const paid = expectPayment(bench, await bench.pay(at.offer.bytes), at.offer);
      const { payee } = at;
      const voided = payee.forge(payee.certificate, [4, 9, new Uint8Array(32), paid.id]);
      await bench.deliver(encodeFrame({ kind: 5, void: voided }));
      await bench.end();
      await bench.expectBalance(500n, 'after the void');
      const next = await payWhole(bench, till(bench, 200n, 'b'));
      expectThat(next.content.value.hop === 1, 'hop 1', `${next.content.value.hop}`);
    },
  ],
  [
    'whole-story',
    'loads, payments both ways, a void and a taken-back payment: the log adds up',
    ['TS-SYN-1', 'TS-SYN-2', 'TS-LOG-1', 'TS-LOG-3', 'TS-LOG-4', 'TS-VOI-3'],
    async (bench) => {
      await bench.start();
      const books = new Books(bench);
      await bench.load(3_000n);
      await receive(bench, 700n);
      const first = await payWhole(bench, till(bench, 1_000n, 'a'));
      const torn = till(bench, 400n, 'b');
      const paid = expectPayment(bench, await bench.pay(torn.offer.bytes), torn.offer);
      const voided = torn.payee.forge(torn.payee.certificate, [4, 9, new Uint8Array(32), paid.id]);
      await bench.deliver(encodeFrame({ kind: 5, void: voided }));
      await bench.end();
      await bench.iut.restart();
      await bench.clock(START);
      const stated = await books.state();
      const kinds = stated.records.map(({ kind }) => kind).join();
      expectThat(kinds.includes('5'), 'the restore in the log', kinds, stated.message);
      await books.answer(stated, [first.id]);
      await bench.expectBalance(2_700n, 'after all of it');
    },
  ],
];

export const syncCases: readonly Case[] = [
  ...topic('sync', ANY, [...logs, ...answers]),
  ...topic('sync', ['payer'], payers),
  ...topic('both', ANY, both, true),
];
