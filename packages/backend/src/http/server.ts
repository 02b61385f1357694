import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { type DatabaseChoice, type NodeBackend, openNodeBackend } from '../node-backend.ts';
import { readSchemeFile, SANDBOX_SCHEME } from '../scheme/node-scheme-file.ts';
import type { Scheme } from '../scheme/scheme.ts';
import { createApp } from './app.ts';
import { TOKEN_CHARS_MIN } from './token.ts';

export interface ServerOptions {
  readonly database: DatabaseChoice;
  /** Path of the scheme's file; default: the sandbox. */
  readonly schemeFile?: string;
  /** Address to listen on; default: the loopback interface only. */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
  /** What operators send as a bearer token, at least {@link TOKEN_CHARS_MIN} characters. */
  readonly operatorToken: string;
  readonly log: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Code that a sandbox registers as its newest image. */
  readonly ownImage?: Uint8Array;
  /** Makers of TPMs that are believed besides the scheme's, X.509 in PEM: those of a demonstration, say. */
  readonly tpmRoots?: readonly string[];
  /** Threads that verify signatures; default: one a core. */
  readonly workers?: number;
}

export interface RunningServer extends Omit<NodeBackend, 'close'> {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Lets requests under way end, then closes everything. */
  stop(): Promise<void>;
}

/** The server cannot start as it was told to; the message says what to change. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: 'PORT_IN_USE' | 'CANNOT_LISTEN' | 'TOKEN_TOO_SHORT';

  constructor(code: ServerError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Requests under way are given this long at a stop. */
const STOP_MS = 10_000;
/**
 * A device on a poor line gets its time for a whole upload; idle connections outlive those of the
 * usual proxies, so that it is never we who close one that is about to be used.
 */
const TIMES = { requestTimeout: 120_000, keepAliveTimeout: 75_000, headersTimeout: 30_000 };

/**
 * Starts the backend and its HTTP interface.
 *
 * @throws ServerError, SchemeError, DatabaseError
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { database, schemeFile = SANDBOX_SCHEME, operatorToken, log, nowMs } = options;
  const { ownImage, tpmRoots = [], workers } = options;
  if (operatorToken.length < TOKEN_CHARS_MIN) {
    throw new ServerError(
      'TOKEN_TOO_SHORT',
      `The operator token needs at least ${TOKEN_CHARS_MIN} characters.`,
    );
  }
  const scheme = believing(await readSchemeFile(schemeFile), tpmRoots);
  const clock = (): number => Math.floor(nowMs() / 1000);
  const opened = await openNodeBackend({
    database,
    scheme,
    clock,
    log,
    ...(ownImage === undefined ? {} : { ownImage }),
    ...(workers === undefined ? {} : { workers }),
  });
  const { backend, store, databaseUrl, lost, close } = opened;
  const app = createApp({
    backend,
    store,
    token: operatorToken,
    clock,
    nowMs,
    ready: async () => (await store.latestList()) !== null,
    log,
  });
  try {
    const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    const server = createServer(TIMES, (request, response) => {
      listener(request, response).catch((error: unknown) => {
        log(`a response could not be written: ${String(error)}`);
        response.destroy();
      });
    });
    const url = await listen(server, options.host ?? '127.0.0.1', options.port);
    const stop = async (): Promise<void> => {
      await closeServer(server);
      await close();
    };
    return { url, backend, store, databaseUrl, lost, stop };
  } catch (error) {
    await close();
    throw error;
  }
}

function believing(scheme: Scheme, tpmRoots: readonly string[]): Scheme {
  const { hardware } = scheme;
  return { ...scheme, hardware: { ...hardware, tpmRoots: [...hardware.tpmRoots, ...tpmRoots] } };
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  try {
    await promise;
  } catch (error) {
    throw listenError(error, host, port);
  }
  const { port: bound, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${bound}`;
}

function listenError(error: unknown, host: string, port: number): ServerError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code === 'EADDRINUSE'
    ? new ServerError(
        'PORT_IN_USE',
        `Port ${port} of ${host} is taken. Stop what uses it, or give another port.`,
        error,
      )
    : new ServerError('CANNOT_LISTEN', `Cannot listen on ${host}:${port} (${code}).`, error);
}

async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const patience = setTimeout(() => server.closeAllConnections(), STOP_MS);
  await promise;
  clearTimeout(patience);
}
