import {
  type Bytes,
  decodePayload,
  decodeSigned,
  type Frame,
  payment as paymentCodec,
  toHex,
} from '@tallystick/protocol';
import {
  type Accepted,
  memoryOneWay,
  memoryPair,
  type PaymentOutcome,
  type Terminal,
  type WalletResult,
} from '@tallystick/wallet';
import { type Holder, value } from './holder.ts';
import { Recorder } from './recorder.ts';
import { type PaymentReport, toMoney } from './report.ts';
import type { Stage } from './stage.ts';

/** What came of holding two devices together. */
export interface Tap {
  readonly paid: PaymentOutcome;
  readonly received: WalletResult<Accepted>;
  readonly recorder: Recorder;
}

const approve = (): Promise<{ readonly approve: true }> => Promise.resolve({ approve: true });

/** Holds two devices together; the link may be torn at a frame of one kind. */
export async function tap(
  stage: Stage,
  payer: Holder,
  payee: Holder,
  amount: bigint,
  cutAt: Frame['kind'] | null = null,
): Promise<Tap> {
  const recorder = new Recorder(cutAt);
  const { a, b } = memoryPair(recorder.fault);
  const [paid, received] = await Promise.all([
    payer.wallet.pay(a, approve),
    payee.wallet.getPaid(b, { amount }),
  ]);
  const outcome = value(paid, `${payer.name} pays ${payee.name}`);
  await note(stage, payer, payee, outcome, recorder, 'tap');
  return { paid: outcome, received, recorder };
}

/** Shows a payment to a terminal, which only listens. */
export async function payTerminal(
  stage: Stage,
  payer: Holder,
  payee: Holder,
  terminal: Terminal,
  amount: bigint,
): Promise<void> {
  const recorder = new Recorder();
  recorder.fault(terminal.code, 0, 'b-to-a');
  const { sender, receiver } = memoryOneWay(recorder.fault);
  const listening = terminal.listen(receiver);
  const confirm = (): Promise<{ readonly approve: true; readonly amount: bigint }> =>
    Promise.resolve({ approve: true, amount });
  const paid = await payer.wallet.payCode(terminal.code, sender, confirm);
  await sender.close();
  value(await listening, `the terminal of ${payee.name}`);
  const outcome = value(paid, `${payer.name} pays ${payee.name}`);
  await note(stage, payer, payee, outcome, recorder, 'static code');
}

/** Tells of a payment, keeps its messages, and puts it in the report. */
async function note(
  stage: Stage,
  payer: Holder,
  payee: Holder,
  { amount, paymentId }: PaymentOutcome,
  recorder: Recorder,
  link: PaymentReport['link'],
): Promise<void> {
  const frame = recorder.wireOf(2);
  const { hop, payment } = readPayment(recorder);
  const { narrator, keepsake, server, payments } = stage;
  narrator.transfer(payer.name, payee.name, amount, hop, recorder.sizes);
  const name = `${payer.name}-to-${payee.name}`.toLowerCase().replaceAll('é', 'e');
  await keepsake.keep(`${name}-request`, requestOf(recorder));
  await keepsake.keep(`${name}-payment`, payment === null ? frame : payment);
  payments.push({
    from: payer.name,
    to: payee.name,
    amount: toMoney(amount, server.backend.authority.scheme.currency),
    hop,
    bytes: frame.length,
    link,
    id: toHex(paymentId),
    frames: recorder.sizes,
  });
}

function requestOf({ frames }: Recorder): Bytes {
  for (const { frame } of frames) if (frame.kind === 1) return frame.request;
  throw new Error('no offer was made');
}

/** The hop of the payment; and its own bytes where its frame leaves the certificate out. */
function readPayment({ frames }: Recorder): { hop: number; payment: Bytes | null } {
  for (const { frame } of frames) {
    if (frame.kind !== 2) continue;
    const { value: money } = decodePayload(
      decodeSigned(frame.payment).payload,
      paymentCodec,
      'payment',
    );
    return { hop: money.hop, payment: frame.certificate === null ? frame.payment : null };
  }
  throw new Error('no payment was made');
}
