import type { Readable, Writable } from 'node:stream';
import { attempt } from '@tallystick/protocol';
import { Deframer, framed } from '../pipe/framing.ts';
import { decodeOrder, encodeReport, type Report } from '../pipe/messages.ts';
import type { Servant } from './orders.ts';

/** Takes orders until the input ends, and reports on each in turn (TS-CNF-1). */
export async function serveOrders(
  input: Readable,
  output: Writable,
  wallet: Servant,
): Promise<void> {
  const deframer = new Deframer();
  for await (const chunk of input) {
    for (const message of deframer.take(chunk as Uint8Array)) {
      const order = attempt(() => decodeOrder(message));
      const report: Report = order.ok
        ? await wallet.carryOut(order.value)
        : { kind: 1, code: order.error.code, out: [] };
      output.write(framed(encodeReport(report)));
    }
  }
  await wallet.close();
}
