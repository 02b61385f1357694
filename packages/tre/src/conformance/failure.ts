import { GENESIS } from '@tallystick/protocol';
import type { Command } from '@tallystick/trusted-app';
import type { Faults, PowerCut } from '../memory/faults.ts';
import { type Bench, check } from './bench.ts';
import { chainedAt, readChain } from './chain.ts';
import { type Check, must, mustEqual, mustMatch, mustRefuse } from './check.ts';
import { type ExaminedPurse, statusText } from './purse.ts';

/** Storage that refuses, and power that fails at every point of a command. */
export const FAILURE_CHECKS: readonly Check[] = [
  check('changes nothing when storage refuses a commit', 'TS-TRE-3', ['faults'], refusesCommit),
  check('survives a refusal before there is a purse', 'TS-TRE-3', ['faults'], refusesEarly),
  check('keeps what it acknowledged when the power fails', 'INV-FINAL', ['power'], keeps),
  ...(['before', 'torn', 'after'] as const).flatMap((at) => [
    check(
      `pays wholly or not at all, cut ${at} each effect`,
      'TS-PAY-3',
      ['faults', 'power'],
      (bench) => paysWhole(bench, at),
    ),
    check(`receives once, cut ${at} each effect`, 'INV-FINAL', ['faults', 'power'], (bench) =>
      receivesOnce(bench, at),
    ),
    check(
      `becomes a purse at last, cut ${at} each effect`,
      'TS-ENR-3',
      ['faults', 'power'],
      (bench) => personalises(bench, at),
    ),
  ]),
];

/** More effects than any command has: a loop that reaches it does not end by itself. */
const EFFECTS_MAX = 200;

function faultsOf({ specimen }: ExaminedPurse): Faults {
  must(specimen.faults !== undefined, 'the environment offers no faults');
  return specimen.faults;
}

async function refusesCommit(bench: Bench): Promise<void> {
  const payer = await bench.purse();
  const payee = await bench.purse({ participant: 1 });
  await payer.load(1_000n);
  const request = await payee.request(100n);
  const before = await payer.status();
  for (const reopen of [false, true]) {
    faultsOf(payer).commitsToRefuse = 1;
    mustRefuse(await payer.run(payer.paying(request, payee)), 'STORAGE_FAILED', 'paying');
    if (reopen) await payer.reopen();
    mustEqual(statusText(await payer.status()), statusText(before), 'the status after a refusal');
    mustEqual((await payer.element.readLog(before.seq + 1, before.seq + 1)).length, 0, 'the log');
  }
  const { id } = await payer.pay(request, payee);
  await payer.reopen();
  const log = await payer.element.readLog(1, before.seq + 1);
  const { chain } = readChain(log, 1, GENESIS);
  mustMatch(chainedAt(chain, before.seq + 1).id, id, 'the payment made in the end');
}

async function refusesEarly(bench: Bench): Promise<void> {
  const purse = await bench.blank();
  const prepare: Command = { kind: 2, alg: -7, challenge: GENESIS, pin: null };
  faultsOf(purse).commitsToRefuse = 1;
  mustRefuse(await purse.run(prepare), 'STORAGE_FAILED', 'preparing');
  const key = await purse.prepare();
  // Preparing again would replace the key, had it been stored.
  faultsOf(purse).commitsToRefuse = 1;
  mustRefuse(await purse.run(prepare), 'STORAGE_FAILED', 'preparing again');
  purse.certificate = purse.participant.certify(key);
  const personalise = purse.personalisation(bench.scheme, purse.certificate);
  faultsOf(purse).commitsToRefuse = 1;
  mustRefuse(await purse.run(personalise), 'STORAGE_FAILED', 'personalising');
  await purse.get(personalise, 0);
  await purse.load(10n);
  await mustStillSign(bench, purse);
}

async function keeps(bench: Bench): Promise<void> {
  const payer = await bench.purse();
  const payee = await bench.purse({ participant: 1 });
  await payer.load(1_000n);
  await payer.specimen.cutPower?.();
  await payer.open();
  for (let count = 1; count <= 3; count++) {
    const request = await payee.request(100n);
    const { message, id } = await payer.pay(request, payee);
    await payer.specimen.cutPower?.();
    await payer.open();
    mustMatch((await payer.get({ kind: 10, paymentId: id }, 1)).id, id, 'the payment');
    await payee.receive(message, request, payer);
    await payee.specimen.cutPower?.();
    await payee.open();
    mustEqual((await payee.status()).balance, BigInt(count) * 100n, "the payee's balance");
    mustEqual((await payer.status()).balance, 1_000n - BigInt(count) * 100n, 'the balance');
  }
}

/** Runs a command under a power cut at every point in turn; `examine` sees what each cut left. */
async function cutEverywhere(
  purse: ExaminedPurse,
  at: PowerCut['at'],
  command: () => Promise<Command>,
  examine: (next: Command) => Promise<void>,
): Promise<void> {
  for (let effectsLeft = 0; effectsLeft < EFFECTS_MAX; effectsLeft++) {
    const next = await command();
    faultsOf(purse).powerCut = { effectsLeft, at };
    const outcome = await purse.run(next).then(
      (result) => (result.ok ? 'done' : result.error.code),
      () => 'gone',
    );
    if (outcome !== 'gone') {
      faultsOf(purse).powerCut = null;
      mustEqual(outcome, 'done', `the outcome with ${effectsLeft} effects`);
      must(effectsLeft > 0, 'the power never failed');
      return;
    }
    await purse.specimen.cutPower?.();
    await purse.open();
    await examine(next);
  }
  must(false, `a command went on for ${EFFECTS_MAX} effects`);
}

async function paysWhole(bench: Bench, at: PowerCut['at']): Promise<void> {
  const payer = await bench.purse();
  const payee = await bench.purse({ participant: 1 });
  await payer.load(5_000n);
  let before = await payer.status();
  const command = async (): Promise<Command> => {
    before = await payer.status();
    return payer.paying(await payee.request(1n), payee);
  };
  await cutEverywhere(payer, at, command, async () => {
    const after = await payer.status();
    const paid = after.seq - before.seq;
    must(paid === 0 || paid === 1, `the log grew by ${paid}`);
    mustEqual(after.balance, before.balance - BigInt(paid), 'the balance after a cut');
    mustEqual(after.open.length, before.open.length + paid, 'the number of open payments');
    const log = await payer.element.readLog(1, after.seq + 1);
    mustEqual(log.length, after.seq, 'the number of log entries');
    const { chain } = readChain(log, 1, GENESIS);
    for (const { id } of after.open) {
      mustMatch((await payer.get({ kind: 10, paymentId: id }, 1)).id, id, 'a payment signed again');
      must(
        chain.some((each) => each.id.join() === id.join()),
        'the log lacks an open payment',
      );
    }
  });
}

async function receivesOnce(bench: Bench, at: PowerCut['at']): Promise<void> {
  const payer = await bench.purse();
  const payee = await bench.purse({ participant: 1 });
  await payer.load(5_000n);
  let expected = (await payee.status()).balance;
  const command = async (): Promise<Command> => {
    expected += 7n;
    const request = await payee.request(7n);
    return payee.receiving((await payer.pay(request, payee)).message, request, payer);
  };
  await cutEverywhere(payee, at, command, async (next) => {
    const after = (await payee.status()).balance;
    must(after === expected || after === expected - 7n, `the balance is ${after}`);
    await payee.get(next, 6);
    await payee.get(next, 6);
    mustEqual((await payee.status()).balance, expected, 'the balance after presenting again');
  });
}

async function personalises(bench: Bench, at: PowerCut['at']): Promise<void> {
  const purse = await bench.blank();
  const prepare: Command = { kind: 2, alg: -7, challenge: GENESIS, pin: null };
  await cutEverywhere(
    purse,
    at,
    () => Promise.resolve(prepare),
    () => Promise.resolve(),
  );
  const key = await purse.prepare();
  // The power fails while the key is made anew, before or after it takes effect: either serves.
  faultsOf(purse).powerCut = { effectsLeft: 1, at };
  await purse.run(prepare).catch(() => undefined);
  await purse.specimen.cutPower?.();
  await purse.open();
  purse.certificate = purse.participant.certify(key);
  const old = await purse.run(purse.personalisation(bench.scheme, purse.certificate));
  if (!old.ok) {
    mustEqual<string>(old.error.code, 'WRONG_KEY', 'personalising with the older key');
    purse.certificate = purse.participant.certify(await purse.prepare());
    await purse.get(purse.personalisation(bench.scheme, purse.certificate), 0);
  }
  await mustStillSign(bench, purse);
}

/** Its key must be the one its certificate names: others verify by that. */
async function mustStillSign(bench: Bench, payee: ExaminedPurse): Promise<void> {
  const payer = await bench.purse({ participant: 1 });
  await payer.load(40n);
  const request = await payee.request(40n);
  const { message } = await payer.pay(request, payee);
  await payee.receive(message, request, payer);
}
