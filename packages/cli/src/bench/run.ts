import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openNodeBackend, readSchemeFile, SANDBOX_SCHEME } from '@tallystick/backend';
import { openBulk } from '@tallystick/backend/bulk';
import { type Call, printJson } from '../command/command.ts';
import { demandGoingOn } from '../command/stopping.ts';
import { withTemporaryFolder } from '../server/temporary-folder.ts';
import { DATABASE_FOLDER } from '../trust/places.ts';
import { measureCompute } from './compute.ts';
import type { Office } from './office.ts';
import { type Row, row, table } from './row.ts';
import { measureSettling } from './settle/settle.ts';
import { measureVerifying } from './settle/verify-rate.ts';
import { measureSizes } from './sizes.ts';

/** How much is measured. */
interface Scale {
  readonly nativePayments: number;
  readonly jsPayments: number;
  readonly checks: number;
  readonly purses: number;
  readonly paymentsEach: number;
}

const FULL: Scale = {
  nativePayments: 150,
  jsPayments: 40,
  checks: 20_000,
  purses: 200,
  paymentsEach: 50,
};
const QUICK: Scale = { nativePayments: 10, jsPayments: 3, checks: 400, purses: 4, paymentsEach: 5 };

/** Measures everything and prints the rows. */
export async function runBench(call: Call): Promise<number> {
  const { runtime, progress, json, values } = call;
  const scale = values.isSet('quick') ? QUICK : FULL;
  const stop = runtime.stopSignal();
  progress.say('starting a database');
  const rows = await withTemporaryFolder('bench', async (folder) => {
    const scheme = await readSchemeFile(SANDBOX_SCHEME);
    const clock = (): number => Math.floor(runtime.nowMs() / 1000);
    const opened = await openNodeBackend({
      database: { directory: join(folder, DATABASE_FOLDER) },
      scheme,
      clock,
      log: () => undefined,
    });
    try {
      const bulk = openBulk(opened, scheme, clock);
      return await measureAll(call, stop, scale, { backend: opened.backend, scheme, clock, bulk });
    } finally {
      await opened.close();
    }
  });
  progress.clear();
  if (json) printJson(runtime, rows);
  else runtime.writeOut(`${table(rows)}\n`);
  return 0;
}

async function measureAll(
  { runtime, progress }: Call,
  stop: AbortSignal,
  scale: Scale,
  office: Office,
): Promise<readonly Row[]> {
  const { elapsedMs } = runtime;
  const begin = (what: string): void => {
    demandGoingOn(stop);
    progress.say(what);
  };
  const rows: Row[] = [];
  begin('messages');
  rows.push(...(await measureSizes(office)));
  for (const [engine, payments] of [
    ['native', scale.nativePayments],
    ['js', scale.jsPayments],
  ] as const) {
    begin(`computing per payment, ${engine}`);
    rows.push(...(await measureCompute({ office, engine, payments, elapsedMs })));
  }
  const verify = async (): Promise<number> => {
    begin('verifying on all cores');
    return measureVerifying(scale.checks, availableParallelism(), elapsedMs);
  };
  const verified = [await verify()];
  const { purses, paymentsEach } = scale;
  for (const first of ['payees-first', 'payers-first'] as const) {
    begin(`settling ${purses * paymentsEach} payments, ${first.replace('-', ' ')}`);
    const perSecond = await measureSettling(first, { office, purses, paymentsEach, elapsedMs });
    // Before and after: whatever else this machine does meanwhile slows the limit down as well.
    verified.push(await verify());
    rows.push(row(`settle/${first}`, perSecond, 'payments/s', mean(verified.slice(-2))));
  }
  rows.push(row('verify/all-cores', mean(verified), 'signatures/s', null));
  return rows;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
