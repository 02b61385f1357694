import { startServer } from '../server.ts';
import { IMAGE_CODE } from '../../service/testing/device.ts';
import { TOKEN } from './client.ts';

/** A backend in a process of its own, for tests that kill it. Arguments: the database, and the time. */
const [url = '', now = ''] = process.argv.slice(2);
const server = await startServer({
  database: { url },
  port: 0,
  operatorToken: TOKEN,
  workers: 1,
  ownImage: IMAGE_CODE,
  nowMs: () => Number(now) * 1000,
  log: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${server.url}\n`);
process.once('SIGTERM', () => {
  server.stop().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
});
