import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { tpmVerifier } from './attestation/tpm/verifier.ts';
import type { AttestationVerifier } from './attestation/verifier.ts';
import { createNodeKeys } from './authority/node-keys.ts';
import { createShelf } from './authority/shelf.ts';
import { connect } from './database/connect.ts';
import { startEmbedded } from './database/embedded.ts';
import { createSandboxRail } from './rail/sandbox-rail.ts';
import type { Scheme } from './scheme/scheme.ts';
import { type Backend, createBackend } from './service/backend.ts';
import { gateTransactions } from './service/gate.ts';
import type { Store } from './store/port.ts';
import { openPostgresStore } from './store/postgres.ts';
import { startPool } from './verification/pool.ts';

/** A PostgreSQL that somebody else runs, or one of our own whose data are in a directory. */
export type DatabaseChoice = { readonly url: string } | { readonly directory: string };

export interface NodeBackendOptions {
  readonly database: DatabaseChoice;
  readonly scheme: Scheme;
  /** Seconds since 1970. */
  readonly clock: () => number;
  readonly log: (line: string) => void;
  /** Code that a sandbox registers as its newest image. */
  readonly ownImage?: Uint8Array;
  /** Threads that verify signatures; default: one a core. */
  readonly workers?: number;
}

/** Connections to the database, and how many of them are not for transactions. */
const CONNECTIONS = 16;
const SPARE_CONNECTIONS = 4;

/** A backend on PostgreSQL with native cryptography. */
export interface NodeBackend {
  readonly backend: Backend;
  readonly store: Store;
  /** Address of the database, password included. */
  readonly databaseUrl: string;
  /** Resolves if an embedded database ends by itself: then nothing works any more. */
  readonly lost: Promise<Error>;
  /** Finishes what is under way and lets go of threads, connections and an embedded database. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the backend: database, schema, keys, workers; then finishes what a crash interrupted.
 *
 * @throws DatabaseError when the database cannot be used
 */
export async function openNodeBackend(options: NodeBackendOptions): Promise<NodeBackend> {
  const { database, scheme, clock, ownImage, workers = availableParallelism() } = options;
  const closers: (() => Promise<void>)[] = [];
  let isClosing = false;
  // What goes away because we let go of it is no news.
  const log = (line: string): void => {
    if (!isClosing) options.log(line);
  };
  const close = async (): Promise<void> => {
    isClosing = true;
    for (let next = closers.pop(); next !== undefined; next = closers.pop()) await next();
  };
  try {
    const { url: databaseUrl, lost } = await openDatabase(database, log, closers);
    const store = await openStore(databaseUrl, log);
    closers.push(() => store.close());
    const pool = startPool({ workers, onFailure: (error) => log(describe(error)) });
    closers.push(() => pool.close());
    const backend = await createBackend({
      scheme,
      store,
      keys: createNodeKeys(createShelf(store)),
      rail: createSandboxRail(store),
      verifyMany: pool.verifyMany,
      clock,
      attestations: await believed(scheme),
      ...(ownImage === undefined ? {} : { ownImage }),
      random: (length) => Uint8Array.from(randomBytes(length)),
      onFailure: (error) => log(`messages wait for the next delivery: ${describe(error)}`),
    });
    await backend.recover();
    closers.push(() => backend.drain());
    return { backend, store, databaseUrl, lost, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Verifiers for the hardware that the scheme believes. */
async function believed({ hardware }: Scheme): Promise<readonly AttestationVerifier[]> {
  const { tpmRoots, bootDigests, webauthn } = hardware;
  const verifiers: AttestationVerifier[] = [];
  if (tpmRoots.length > 0) verifiers.push(tpmVerifier({ roots: tpmRoots, bootDigests }));
  if (webauthn !== null) {
    // Loaded where it is of use: its library takes a third of a second.
    const { webauthnVerifier } = await import('./attestation/webauthn.ts');
    verifiers.push(webauthnVerifier(webauthn));
  }
  return verifiers;
}

async function openDatabase(
  database: DatabaseChoice,
  log: (line: string) => void,
  closers: (() => Promise<void>)[],
): Promise<{ readonly url: string; readonly lost: Promise<Error> }> {
  // One that somebody else runs comes back by itself, and connections with it.
  if ('url' in database) return { url: database.url, lost: new Promise(() => {}) };
  const embedded = await startEmbedded({ directory: database.directory, log });
  closers.push(() => embedded.stop());
  return embedded;
}

async function openStore(url: string, log: (line: string) => void): Promise<Store> {
  const db = await connect<unknown>(url, { log, maxConnections: CONNECTIONS });
  try {
    return gateTransactions(await openPostgresStore(db), CONNECTIONS - SPARE_CONNECTIONS);
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
