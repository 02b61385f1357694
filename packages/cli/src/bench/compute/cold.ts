import { type Bytes, unwrap } from '@tallystick/protocol';
import { encodeCommand, readReply } from '@tallystick/trusted-app';
import type { Office } from '../office.ts';
import { runFirst } from './first-call.ts';
import { HostedPurse, payCommand, receiveCommand } from './hosted-purse.ts';
import type { Engine } from './packed.ts';
import { middle, type Side, type Sides } from './warm.ts';

/**
 * What the first payment takes each side after its device has started: both purses are new to each
 * other, and each runs in an engine of its own that has run nothing else. Medians.
 */
export async function measureCold(
  office: Office,
  engine: Engine,
  payments: number,
): Promise<Sides> {
  const paying: Side[] = [];
  const receiving: Side[] = [];
  for (let made = 0; made < payments; made++) {
    const payer = await HostedPurse.open(office, engine, 5_000n);
    const payee = await HostedPurse.open(office, engine, 100n);
    const request = await payee.request(1n);
    const now = office.clock();
    const pay = encodeCommand(payCommand(request, payee.certificate));
    const paid = await runFirst({ packed: await payer.pack(), command: pay, now });
    const payment = messageOf(paid.reply);
    const receive = encodeCommand(receiveCommand(payment, payer.certificate, request));
    const received = await runFirst({ packed: await payee.pack(), command: receive, now });
    messageOf(received.reply);
    paying.push(paid);
    receiving.push(received);
  }
  return { payer: middle(paying), payee: middle(receiving) };
}

/** The payment or the receipt in a reply, which must not be a refusal. */
function messageOf(reply: Bytes): Bytes {
  const said = unwrap(readReply(reply));
  if ('message' in said && said.message !== null) return said.message;
  throw new Error(`a reply of kind ${said.kind} without a message`);
}
