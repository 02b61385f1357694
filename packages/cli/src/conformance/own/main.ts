import { openPlain } from './device.ts';
import { OwnWallet } from './orders.ts';
import { serveOrders } from './serve.ts';

await serveOrders(process.stdin, process.stdout, new OwnWallet(openPlain));
