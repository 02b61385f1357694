import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DatabaseError } from './database-error.ts';
import { type Account, chooseAccount, SYSTEM_ACCOUNTS } from './embedded/account.ts';
import {
  type Binaries,
  canRunInstalled,
  copyBinaries,
  findBinaryPackage,
  prepareInstalled,
} from './embedded/binaries.ts';
import { ensureCluster, readPassword, SUPERUSER } from './embedded/cluster.ts';
import { chooseFolder, inspectHome, settleOutside } from './embedded/home.ts';
import { DATA } from './embedded/location.ts';
import { awaitPrevious, findReadyServer } from './embedded/previous.ts';
import { findFreePort, startServer } from './embedded/server.ts';
import { openSharedRoot, sharedRoots } from './embedded/shared-root.ts';

export interface EmbeddedOptions {
  /** Holds the database; created if needed. Pass the same one to find the data again. */
  readonly directory: string;
  /** Receives PostgreSQL's messages and ours, a line at a time. */
  readonly log: (line: string) => void;
  /** Where root keeps what PostgreSQL's user cannot reach in `directory`; the first usable one. */
  readonly sharedRoots?: readonly string[];
  /** Proposes ports to listen on. */
  readonly findPort?: () => Promise<number>;
}

export interface EmbeddedDatabase {
  /** For `connect`. Holds the password, and a port that differs from start to start. */
  readonly url: string;
  /** Where the data really are: below `directory`, or below a shared root. */
  readonly dataFolder: string;
  /** Resolves, with what to do, if the server ends before `stop` is called: nobody starts it again. */
  readonly lost: Promise<DatabaseError>;
  /** Closes every connection and waits until all is written and the server is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL from the programs that npm installed, on the loopback interface only,
 * creating the database on first use. What was committed survives `kill -9` of this process and of
 * the server; the server never outlives this process.
 *
 * PostgreSQL refuses to run as root. Started by root it runs as a system user, and if that user
 * cannot walk into `directory` (a clone below a folder of mode 0700), its data and a copy of its
 * programs live below `/var/lib/tallystick`, and `directory` keeps a link to them.
 *
 * @throws DatabaseError with a code that starts with `EMBEDDED_`
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const directory = resolve(options.directory);
  const { log, findPort = findFreePort } = options;
  const openShared = (user: Account): Promise<string> =>
    openSharedRoot(options.sharedRoots ?? sharedRoots(), user, log);

  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    throw new DatabaseError(
      'EMBEDDED_INIT_FAILED',
      `The folder for the database cannot be created: ${reasonOf(error)}. Choose another folder.`,
      error,
    );
  });
  const home = await inspectHome(directory);
  const account = await chooseAccount(SYSTEM_ACCOUNTS, home.existing, log);
  const binaries = await chooseBinaries(account, openShared);
  const folder = await chooseFolder(home, account, openShared, freshName());
  const fresh = { freshName: freshName(), password: freshName() };
  await ensureCluster({ folder, binaries, account, ...fresh, log });
  const data = join(await settleOutside(home, folder, log), DATA);
  await awaitPrevious(data);
  const server = await startServer({ binaries, data, account, log, findPort });
  const url = await urlOf(data, server.port);
  let isStopping = false;
  const lost = new Promise<DatabaseError>((resolve, reject) => {
    server.ended.then(() => (isStopping ? undefined : resolve(lostError(data))), reject);
  });
  const stop = (): Promise<void> => {
    isStopping = true;
    return server.stop();
  };
  return { url, dataFolder: data, lost, stop };
}

/**
 * The address of the embedded PostgreSQL that another process runs on this directory, or null if
 * there is none: for commands that join a running backend rather than start a database of their own.
 */
export async function findRunningEmbedded(directory: string): Promise<string | null> {
  const { existing } = await inspectHome(resolve(directory));
  const server = existing && (await findReadyServer(existing.path));
  return server && urlOf(existing.path, server.port);
}

async function chooseBinaries(
  account: Account | null,
  openShared: (account: Account) => Promise<string>,
): Promise<Binaries> {
  const source = await findBinaryPackage();
  if (account === null || (await canRunInstalled(source, account))) return prepareInstalled(source);
  return copyBinaries(source, await openShared(account), freshName());
}

async function urlOf(data: string, port: number): Promise<string> {
  return `postgres://${SUPERUSER}:${await readPassword(data)}@127.0.0.1:${port}/postgres`;
}

function lostError(data: string): DatabaseError {
  return new DatabaseError(
    'EMBEDDED_ENDED',
    `The PostgreSQL on ${data} ended under the program that runs it. ` +
      'Start that again: what was committed is there.',
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function freshName(): string {
  return randomBytes(12).toString('hex');
}
