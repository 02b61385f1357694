import { OwnWallet } from '../../own/orders.ts';
import { serveOrders } from '../../own/serve.ts';
import { FAULTS } from './faults.ts';
import { openFaulty } from './open.ts';

/** Serves the wallet with that fault on this process's input and output. */
export async function serveFaulty(
  name: string | undefined,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
): Promise<void> {
  const fault = FAULTS.find((each) => each.name === name);
  if (fault === undefined)
    throw new Error(`give a fault: ${FAULTS.map((each) => each.name).join()}`);
  const wallet = new OwnWallet(openFaulty(fault));
  await serveOrders(input, output, fault.servant?.(wallet) ?? wallet);
}
