import { serveOrders } from './serve.ts';

await serveOrders(process.stdin, process.stdout);
