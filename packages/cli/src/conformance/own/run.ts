import { openPlain } from './device.ts';
import { OwnWallet } from './orders.ts';
import { serveOrders } from './serve.ts';

/** Serves the own wallet on this process's input and output. */
export function serveOwn(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Promise<void> {
  return serveOrders(input, output, new OwnWallet(openPlain));
}
