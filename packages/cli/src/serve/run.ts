import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RunningServer, ServerOptions } from '@tallystick/backend';
import type { OriginsOptions } from '../apps/origins.ts';
import { type RunningApps, serveApps } from '../apps/serve-apps.ts';
import { type Call, printJson } from '../command/command.ts';
import { LOG_FILE, startLog } from '../server/log-file.ts';
import { startBackend } from '../server/start.ts';
import { trustOfBackend } from '../trust/of-backend.ts';
import { DATABASE_FOLDER, DEFAULT_DATA, TRUST_FILE } from '../trust/places.ts';
import { replaceFile } from '../trust/write-file.ts';
import { DEFAULT_PORT } from './command.ts';
import { type OperatorToken, operatorToken } from './operator-token.ts';

/** What `serve --json` prints once it can be reached. */
export interface ServeReport {
  readonly ok: true;
  readonly url: string;
  readonly page: string;
  readonly openapi: string;
  /** Where everything can be tried out in one page; null outside a sandbox. */
  readonly playground: string | null;
  /** Where people's wallet is, the element that has its purse, and shops' terminal; null outside a sandbox. */
  readonly wallet: string | null;
  readonly element: string | null;
  readonly terminal: string | null;
  /** Where staff sign in; null outside a sandbox. */
  readonly console: string | null;
  readonly scheme: string;
  readonly database: 'embedded' | 'external';
  /** Paths of the data folder, the trust file, the token's file if it is in one, and the log. */
  readonly data: string;
  readonly trust: string;
  readonly operatorTokenFile: string | null;
  readonly log: string;
  readonly pid: number;
}

/** A status list can change at any time; the stored one is at most this old. */
const TRUST_REFRESH_MS = 30_000;
const PORT_MAX = 65_535;

/** Runs the backend until the process is told to stop. */
export async function runServe(call: Call): Promise<number> {
  const { runtime, progress } = call;
  const stop = runtime.stopSignal();
  const folder = resolve(runtime.workingFolder, call.values.text('data') ?? DEFAULT_DATA);
  await mkdir(folder, { recursive: true });
  const token = await operatorToken(call.values.text('operator-token'), folder);
  progress.say('starting the database and the backend');
  const options = optionsOf(call, folder, token.token);
  const server = await startBackend(options);
  let apps: RunningApps | null = null;
  try {
    if (server.backend.authority.scheme.sandbox) {
      progress.say('building the apps');
      apps = await serveApps(server, appsOptions(options));
    }
    const trustFile = join(folder, TRUST_FILE);
    await writeTrustFile(server, trustFile);
    progress.clear();
    announce(call, server, apps, token, folder);
    await servingUntil(stop, server.lost, () =>
      writeTrustFile(server, trustFile).catch((error: unknown) =>
        options.log(`the trust file stays as it is: ${String(error)}`),
      ),
    );
    await writeTrustFile(server, trustFile);
  } finally {
    progress.say('stopping');
    await apps?.stop();
    await server.stop();
    progress.clear();
  }
  runtime.writeError('tallystick serve: stopped; the next start finds everything again\n');
  return 0;
}

function optionsOf({ values, runtime }: Call, folder: string, token: string): ServerOptions {
  const at = (path: string): string => resolve(runtime.workingFolder, path);
  const url = values.text('database-url');
  const schemeFile = values.text('scheme');
  const host = values.text('host');
  return {
    database: url === undefined ? { directory: join(folder, DATABASE_FOLDER) } : { url },
    port: values.integer('port', { min: 0, max: PORT_MAX }, DEFAULT_PORT),
    operatorToken: token,
    nowMs: runtime.nowMs,
    log: startLog(folder, runtime.nowMs),
    ...(schemeFile === undefined ? {} : { schemeFile: at(schemeFile) }),
    ...(host === undefined ? {} : { host }),
  };
}

/** The apps have the ports behind the backend's. */
function appsOptions({ host = '127.0.0.1', port, log }: ServerOptions): OriginsOptions {
  return { host, port: port === 0 ? 0 : port + 1, log };
}

async function writeTrustFile({ backend, store }: RunningServer, path: string): Promise<void> {
  await replaceFile(path, await trustOfBackend(backend.authority, store));
}

/**
 * Waits for the signal, and now and then does what must not grow old. Throws when the database is
 * lost: to go on without it would keep whoever watches over this process from starting it again.
 */
async function servingUntil(
  stop: AbortSignal,
  lost: Promise<Error>,
  refresh: () => Promise<void>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setInterval(() => void refresh(), TRUST_REFRESH_MS);
  lost.then(reject, reject);
  if (stop.aborted) resolve();
  stop.addEventListener('abort', () => resolve(), { once: true });
  await promise.finally(() => clearInterval(timer));
}

function announce(
  { runtime, json, values }: Call,
  server: RunningServer,
  apps: RunningApps | null,
  token: OperatorToken,
  folder: string,
): void {
  const { url, backend } = server;
  const { scheme } = backend.authority;
  const report: ServeReport = {
    ok: true,
    url,
    page: `${url}/`,
    openapi: `${url}/openapi.json`,
    playground: apps === null ? null : `${apps.at.playground}/`,
    wallet: apps === null ? null : `${apps.at.wallet}/`,
    element: apps?.at.element ?? null,
    terminal: apps === null ? null : `${apps.at.terminal}/`,
    console: apps === null ? null : `${apps.at.console}/`,
    scheme: scheme.id,
    database: values.isSet('database-url') ? 'external' : 'embedded',
    data: folder,
    trust: join(folder, TRUST_FILE),
    operatorTokenFile: token.file,
    log: join(folder, LOG_FILE),
    pid: process.pid,
  };
  if (json) {
    printJson(runtime, report);
    return;
  }
  const lines = [
    `Tallystick serves "${scheme.name}"`,
    '',
    ...(apps === null ? [] : appLines(apps)),
    `  page       ${report.page}   what this is, and the supply equation live`,
    `  API        ${report.openapi}`,
    `  devices    ${url}/v1/...`,
    `  operators  ${tokenLine(token)}`,
    `  data       ${folder}   (${report.database} PostgreSQL; log in ${LOG_FILE})`,
    '',
    'Ctrl-C stops it; the next start finds everything again.',
  ];
  runtime.writeOut(`${lines.join('\n')}\n`);
}

function appLines({ at }: RunningApps): readonly string[] {
  return [
    `  open       ${at.playground}/   two phones and a shop in one page: pay, tear, cheat, and see`,
    `  wallet     ${at.wallet}/   open it on two devices, and pay from one to the other`,
    `  terminal   ${at.terminal}/   a till for a shop: sell, pay back, close the day`,
    `  console    ${at.console}/   for staff: the operator token registers the first passkey`,
  ];
}

function tokenLine({ token, file, isNew }: OperatorToken): string {
  if (isNew) return `bearer token ${token} (kept in ${file}, shown only now)`;
  return file === null ? 'bearer token as given' : `bearer token in ${file}`;
}
