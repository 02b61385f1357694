import { type Bytes, concat, type ErrorCode, LIMITS } from '@tallystick/protocol';
import { encodeCommand, readReply } from '@tallystick/trusted-app';
import { type Bench, check } from './bench.ts';
import { type Check, must, mustEqual, mustRefuse } from './check.ts';
import { statusText } from './purse.ts';

/** Command bytes from outside, one after another and all at once. */
export const COMMAND_CHECKS: readonly Check[] = [
  check('answers bytes that are no command, unchanged', 'TS-TRE-1', [], answersNonsense),
  check('answers nonsense while it is blank', 'TS-TRE-1', [], answersWhileBlank),
  check('runs commands that come at once one after another', 'TS-TRE-1', [], queues),
  check('is gone once it is closed', 'TS-TRE-1', [], closes),
];

const STATUS = encodeCommand({ kind: 1 });

const NONSENSE: readonly (readonly [what: string, bytes: Bytes, code: ErrorCode])[] = [
  ['no bytes', new Uint8Array(0), 'MALFORMED'],
  ['a broken item', Uint8Array.of(0x9b), 'MALFORMED'],
  [
    'a command cut short',
    encodeCommand({ kind: 10, paymentId: new Uint8Array(32) }).slice(0, 20),
    'MALFORMED',
  ],
  ['bytes behind a command', concat(STATUS, Uint8Array.of(0)), 'TRAILING_BYTES'],
  ['a longer encoding', Uint8Array.of(0x98, 0x01, 0x01), 'NON_CANONICAL'],
  ['an unknown kind', Uint8Array.of(0x81, 0x18, 0x63), 'WRONG_KIND'],
  ['another type', Uint8Array.of(0x01), 'WRONG_KIND'],
  ['a missing field', Uint8Array.of(0x81, 0x05), 'MISSING_FIELD'],
  ['a field too many', Uint8Array.of(0x82, 0x01, 0x00), 'BAD_FIELD'],
  ['more bytes than any command', new Uint8Array(4 * LIMITS.frameBytes + 1), 'OVERSIZED'],
];

async function answersNonsense(bench: Bench): Promise<void> {
  const purse = await bench.purse();
  await purse.load(100n);
  const before = statusText(await purse.status());
  for (const [what, bytes, code] of NONSENSE) {
    mustRefuse(readReply(await purse.element.execute(bytes)), code, what);
  }
  mustEqual(statusText(await purse.status()), before, 'the status after nonsense');
}

async function answersWhileBlank(bench: Bench): Promise<void> {
  const purse = await bench.blank();
  for (const [what, bytes, code] of NONSENSE) {
    mustRefuse(readReply(await purse.element.execute(bytes)), code, what);
  }
  await purse.prepare();
}

async function queues(bench: Bench): Promise<void> {
  const payer = await bench.purse();
  const payee = await bench.purse({ participant: 1 });
  await payer.load(1_000n);
  const { seq } = await payer.status();
  const amounts = [10n, 20n, 30n, 40n, 50n];
  const requests = await Promise.all(amounts.map((amount) => payee.request(amount)));
  const log = payer.element.readLog(1, seq);
  const payments = await Promise.all(requests.map((request) => payer.pay(request, payee)));
  mustEqual((await log).length, seq, 'the entries read in between');
  await Promise.all(
    payments.map(({ message }, index) => payee.receive(message, requests[index] ?? message, payer)),
  );
  mustEqual((await payer.status()).seq, seq + amounts.length, "the payer's position");
  mustEqual((await payer.status()).balance, 850n, "the payer's balance");
  mustEqual((await payee.status()).balance, 150n, "the payee's balance");
}

async function closes(bench: Bench): Promise<void> {
  const purse = await bench.purse();
  const waiting = purse.status();
  await purse.element.close();
  mustEqual((await waiting).balance, 0n, 'the status asked for before closing');
  const after = await purse.status().then(
    () => 'answered',
    () => 'gone',
  );
  mustEqual(after, 'gone', 'a command to a closed element');
  await purse.open();
  must((await purse.status()).seq > 0, 'the purse is not there any more');
}
