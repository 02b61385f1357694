import { decodePayload, decodeSigned, GENESIS, statement } from '@tallystick/protocol';
import { DAY, START } from '@tallystick/trusted-app/testing';
import { type Bench, check } from './bench.ts';
import { chainedAt, readChain } from './chain.ts';
import { type Check, must, mustEqual, mustMatch, mustRefuse } from './check.ts';
import { type ExaminedPurse, statusText } from './purse.ts';

/** Payments, and what the log says of them. */
export const MONEY_CHECKS: readonly Check[] = [
  check('pays, receives, settles; a payment shown twice counts once', 'TS-RCP-1', [], pays),
  check('finds everything again after it was closed', 'TS-TRE-3', [], findsAgain),
  check('reads back its whole log, chained from the first entry', 'TS-LOG-3', [], readsLog),
  check('keeps what a sync did not acknowledge, and goes on after it', 'TS-SYN-4', [], syncs),
  check('judges an expired request by its clock', 'TS-REQ-5', ['clock'], judgesByClock),
];

async function pays(bench: Bench): Promise<void> {
  const payer = await bench.purse();
  const payee = await bench.purse({ participant: 1 });
  await payer.load(5_000n);
  const request = await payee.request(1_234n);
  const { message, id } = await payer.pay(request, payee);
  const answer = await payee.receive(message, request, payer);
  mustMatch(answer.paymentId, id, 'the id of the payment');
  must(answer.message !== null, 'no receipt came');
  await payer.get({ kind: 8, receipt: answer.message, certificate: payee.certificate }, 0);
  await payee.receive(message, request, payer);
  mustEqual((await payer.status()).balance, 3_766n, "the payer's balance");
  mustEqual((await payee.status()).balance, 1_234n, "the payee's balance");
}

async function findsAgain(bench: Bench): Promise<void> {
  const payer = await bench.purse();
  const payee = await bench.purse({ participant: 1 });
  await payer.load(5_000n);
  const request = await payee.request(900n);
  const { message, id } = await payer.pay(request, payee);
  const before = statusText(await payer.status());
  await payer.reopen();
  mustEqual(statusText(await payer.status()), before, 'the status after opening again');
  const again = await payer.get({ kind: 10, paymentId: id }, 1);
  mustMatch(again.id, id, 'the id of a payment signed again');
  await payee.receive(message, request, payer);
  await payee.reopen();
  const answer = await payee.receive(again.message, request, payer);
  mustEqual<number>(answer.verdict, 1, 'the verdict on a payment accepted before');
  mustEqual((await payee.status()).balance, 900n, "the payee's balance");
}

async function readsLog(bench: Bench): Promise<void> {
  const payer = await bench.purse();
  const payee = await bench.purse({ participant: 1 });
  await payer.load(800n);
  const { id } = await payer.pay(await payee.request(300n), payee);
  await payer.reopen();
  const stated = await payer.state();
  const entries = await payer.element.readLog(1, stated.to);
  mustEqual(entries.length, stated.to, 'the number of log entries');
  const { chain } = readChain(entries, 1, GENESIS);
  mustMatch(chainedAt(chain, stated.to - 1).id, id, 'the payment in the log');
  mustMatch(chainedAt(chain, stated.to).id, stated.id, 'the statement in the log');
  const content = decodePayload(decodeSigned(stated.statement).payload, statement, 'statement');
  mustEqual(content.balance, 500n, 'the balance stated');
  mustEqual((await payer.element.readLog(stated.to + 1, stated.to + 3)).length, 0, 'what follows');
  mustEqual((await payer.element.readLog(2, 3)).length, 2, 'part of the log');
}

async function syncs(bench: Bench): Promise<void> {
  const purse = await bench.purse();
  await purse.load(100n);
  await purse.sync(1, START + 60);
  await purse.load(200n);
  // By then the memory of both loads has expired, and with it the reason to keep their receipts.
  await purse.sync(2, START + 3 * DAY);
  await purse.sync(3, START + 4 * DAY);
  await purse.reopen();
  await mustHaveUnacknowledged(purse, 300n);
  await purse.load(50n, START + 4 * DAY);
  await purse.reopen();
  await mustHaveUnacknowledged(purse, 350n);
}

async function mustHaveUnacknowledged(purse: ExaminedPurse, balance: bigint): Promise<void> {
  const { from, to, statement: bytes } = await purse.state();
  const content = decodePayload(decodeSigned(bytes).payload, statement, 'statement');
  mustEqual(content.balance, balance, 'the balance stated');
  const entries = await purse.element.readLog(from, to);
  mustEqual(entries.length, to - from + 1, 'the number of entries to upload');
  const [first] = entries;
  must(first !== undefined, 'there is nothing to upload');
  const { chain } = readChain(entries.slice(-1), to, content.head);
  mustEqual(chainedAt(chain, to).record.seq, to, 'the position of the statement');
}

async function judgesByClock(bench: Bench): Promise<void> {
  const payer = await bench.purse();
  const payee = await bench.purse({ participant: 1 });
  await payer.load(500n);
  const request = await payee.request(100n, START + 600);
  bench.now = START + 601;
  const late = await payer.run(payer.paying(request, payee));
  mustRefuse(late, 'REQUEST_EXPIRED', 'paying a request a second too late');
  bench.now = null;
  await payer.pay(request, payee);
}
