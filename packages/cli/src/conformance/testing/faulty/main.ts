import { OwnWallet } from '../../own/orders.ts';
import { serveOrders } from '../../own/serve.ts';
import { FAULTS } from './faults.ts';
import { openFaulty } from './open.ts';

const fault = FAULTS.find(({ name }) => name === process.argv[2]);
if (fault === undefined) throw new Error(`give a fault: ${FAULTS.map(({ name }) => name).join()}`);
const wallet = new OwnWallet(openFaulty(fault));
await serveOrders(process.stdin, process.stdout, fault.servant?.(wallet) ?? wallet);
