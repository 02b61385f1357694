import {
  attempt,
  type Bytes,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  encodeCbor,
  encodeSigned,
  NO_EXTERNAL,
  payment as paymentCodec,
  receipt as receiptCodec,
  recordId,
  requestDigest,
  toBeSigned,
} from '@tallystick/protocol';
import type { Element, Host } from '@tallystick/tre';
import {
  COMMAND,
  type Command,
  type CommandOf,
  decodeCommand,
  encodeCommand,
  type Purse,
  readReply,
} from '@tallystick/trusted-app';
import type { Fault } from './fault.ts';

/** An element whose commands and replies pass through somebody's hands. */
function between(
  change: (command: Command, run: (command: Command) => Promise<Bytes>) => Promise<Bytes>,
): (element: Element) => Element {
  return (element) => ({
    execute: (bytes) =>
      change(decodeCommand(bytes), (command) => element.execute(encodeCommand(command))),
    readLog: (from, to) => element.readLog(from, to),
    measurement: () => element.measurement(),
    close: () => element.close(),
  });
}

/** Lets payments in that the purse refuses with one code, under a receipt all the same. */
function despite(name: string, says: string, code: string, ...caughtBy: readonly string[]): Fault {
  return {
    name,
    says,
    caughtBy,
    element: (element, host, purse) =>
      between(async (command, run) => {
        const reply = await run(command);
        if (command.kind !== COMMAND.receive) return reply;
        const read = attempt(() => readReply(reply));
        const isLetIn = read.ok && !read.value.ok && read.value.error.code === code;
        return isLetIn ? receiptAnyway(command, host, purse()) : reply;
      })(element),
  };
}

async function receiptAnyway(
  { payment, request }: CommandOf<6>,
  host: Host,
  { keys, seq, head, listVersion }: Purse,
): Promise<Bytes> {
  const own = keys.at(-1);
  if (own === undefined) throw new Error('a purse has a key');
  const { key, ref } = decodePurseCertificate(own.certificate);
  const signed = decodeSigned(payment, requestDigest(request));
  const paymentId = recordId(signed);
  const fields = receiptCodec.encode({ seq: seq + 1, head, paymentId, listVersion });
  const message = { alg: key.alg, kid: ref, external: NO_EXTERNAL, payload: encodeCbor(fields) };
  const order = {
    kind: 'sign',
    slot: own.slot,
    alg: key.alg,
    message: toBeSigned(message),
  } as const;
  const signature = await host.carryOut(order);
  if (!(signature instanceof Uint8Array)) throw new Error('no signature');
  const { amount } = decodePayload(signed.payload, paymentCodec, 'payment').value;
  return encodeCbor([6, 1, paymentId, amount, encodeSigned({ ...message, signature })]);
}

/** Wallets between whose purse and pipe something is lost or forged. */
export const elementFaults: readonly Fault[] = [
  despite('any-payee', 'takes payments to anybody', 'WRONG_PAYEE', 'payee/wrong-payee'),
  despite('any-currency', 'takes money of any currency', 'WRONG_CURRENCY', 'payee/wrong-currency'),
  despite('any-amount', 'takes less than it asked for', 'WRONG_AMOUNT', 'payee/wrong-amount'),
  despite(
    'any-request',
    'takes requests it never made',
    'FOREIGN_REQUEST',
    'payee/foreign-request',
  ),
  despite(
    'accepts-voided',
    'accepts what it has voided',
    'ALREADY_VOIDED',
    'payee/void',
    'payee/power-after-void',
  ),
  despite(
    'any-image',
    'takes payers of any trusted application',
    'MEASUREMENT_REFUSED',
    'payee/unlisted-measurement',
  ),
  {
    name: 'one-receipt-for-all',
    says: 'answers every payment with the receipt of the first',
    caughtBy: ['payee/known-certificate', 'payee/lower-position'],
    element: (element) => {
      let first: Bytes | null = null;
      return between(async (command, run) => {
        const reply = await run(command);
        const read = attempt(() => readReply(reply));
        if (command.kind !== COMMAND.receive || !read.ok || !read.value.ok) return reply;
        if (read.value.value.kind !== 6) return reply;
        const { paymentId, amount, message } = read.value.value;
        first ??= message;
        return encodeCbor([6, 1, paymentId, amount, first]);
      })(element);
    },
  },
  {
    name: 'never-retries',
    says: 'shows no payment a second time',
    caughtBy: ['payer/receipt-lost', 'payer/power-after-payment', 'payer/void'],
    element: between(async (command, run) =>
      command.kind === COMMAND.retry ? encodeCbor([7, 'NOT_OPEN', 'it is gone']) : run(command),
    ),
  },
  {
    name: 'omits-entries',
    says: 'leaves an entry out of what it uploads',
    caughtBy: ['sync/whole-log', 'both/whole-story'],
    element: (element) => ({
      execute: (command) => element.execute(command),
      readLog: async (from, to) =>
        (await element.readLog(from, to)).filter((_, index) => index !== 1),
      measurement: () => element.measurement(),
      close: () => element.close(),
    }),
  },
];
