import { randomBytes } from 'node:crypto';
import { type DatabaseChoice, type NodeBackend, openNodeBackend } from '../node-backend.ts';
import { readSchemeFile, SANDBOX_SCHEME } from '../scheme/node-scheme-file.ts';
import type { Scheme } from '../scheme/scheme.ts';
import { openStaff, type Staff } from '../staff/staff.ts';
import { createApp } from './app.ts';
import { type Answer, listen, ServerError } from './listen.ts';
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
  /** What it answers, for whoever serves its paths beside others. */
  readonly answer: Answer;
  /** Who may sign in at a console, once it is named to it. */
  readonly staff: Staff;
  /** Lets requests under way end, then closes everything. */
  stop(): Promise<void>;
}

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
  const random = (length: number): Uint8Array => Uint8Array.from(randomBytes(length));
  const staff = await openStaff({ store, clock, random });
  const app = createApp({
    backend,
    store,
    staff,
    token: operatorToken,
    clock,
    nowMs,
    ready: async () => (await store.latestList()) !== null,
    log,
  });
  try {
    const answer = async (request: Request): Promise<Response> => app.fetch(request);
    const { host = '127.0.0.1', port } = options;
    const listening = await listen({ host, port, log }, answer);
    const stop = async (): Promise<void> => {
      await listening.stop();
      await close();
    };
    return { url: listening.url, answer, backend, store, staff, databaseUrl, lost, stop };
  } catch (error) {
    await close();
    throw error;
  }
}

function believing(scheme: Scheme, tpmRoots: readonly string[]): Scheme {
  const { hardware } = scheme;
  return { ...scheme, hardware: { ...hardware, tpmRoots: [...hardware.tpmRoots, ...tpmRoots] } };
}
