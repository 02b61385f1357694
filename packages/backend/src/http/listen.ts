import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

/** Answers a request, whatever it asks for. */
export type Answer = (request: Request) => Promise<Response>;

export interface ListenOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly log: (line: string) => void;
}

export interface Listening {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Lets requests under way end. */
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
 * Listens, and answers whoever asks.
 *
 * @throws ServerError
 */
export async function listen(
  { host, port, log }: ListenOptions,
  answer: Answer,
): Promise<Listening> {
  const listener = getRequestListener(answer, { overrideGlobalObjects: false });
  const server = createServer(TIMES, (request, response) => {
    listener(request, response).catch((error: unknown) => {
      log(`a response could not be written: ${String(error)}`);
      response.destroy();
    });
  });
  const url = await bind(server, host, port);
  return { url, stop: () => closeServer(server) };
}

async function bind(server: Server, host: string, port: number): Promise<string> {
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
