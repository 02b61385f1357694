import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DatabaseError } from '../database-error.ts';

const run = promisify(execFile);

/** A system user by number. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** What choosing an account asks of the operating system. */
export interface Accounts {
  /** This process's user; undefined where there are no numbered users (Windows). */
  readonly self: number | undefined;
  lookUp(name: string): Promise<Account | null>;
  /** Creates a system user without login or home. */
  create(name: string): Promise<void>;
}

/** The user a cluster belongs to when nobody else is set up for it. */
const OWN_USER = 'tallystick';
/** Unprivileged users that exist nearly everywhere, for systems where none can be created. */
const LAST_RESORTS = ['nobody', 'daemon'];
const CREATE_ATTEMPTS = 5;
const CREATE_PAUSE_MS = 200;

/**
 * The user PostgreSQL must run as, or null for this process's own. PostgreSQL refuses to run as
 * root, so root hands it to the owner of the existing data, else to a system user.
 *
 * @throws DatabaseError EMBEDDED_OTHER_OWNER, EMBEDDED_NO_ACCOUNT
 */
export async function chooseAccount(
  accounts: Accounts,
  existing: { readonly path: string; readonly owner: Account } | null,
  log: (line: string) => void,
): Promise<Account | null> {
  if (accounts.self === undefined) return null;
  if (accounts.self !== 0) {
    if (existing === null || existing.owner.uid === accounts.self) return null;
    throw new DatabaseError(
      'EMBEDDED_OTHER_OWNER',
      `The database in ${existing.path} belongs to another user (number ${existing.owner.uid}). ` +
        'Run this as that user or as root, or choose another folder.',
    );
  }
  if (existing === null) return systemAccount(accounts, log);
  if (existing.owner.uid !== 0) return existing.owner;
  throw new DatabaseError(
    'EMBEDDED_OTHER_OWNER',
    `The database in ${existing.path} belongs to root, and PostgreSQL refuses to run as root. ` +
      `Give it to an ordinary user (chown -R <user> ${existing.path}), then start again.`,
  );
}

async function systemAccount(accounts: Accounts, log: (line: string) => void): Promise<Account> {
  const present =
    (await unprivileged(accounts, OWN_USER)) ?? (await unprivileged(accounts, 'postgres'));
  if (present) return present;
  log(`creating the system user ${OWN_USER}, because PostgreSQL refuses to run as root`);
  for (let attempt = 1; attempt <= CREATE_ATTEMPTS; attempt += 1) {
    // Somebody else may be creating it too and hold the lock of the user list: hence the attempts.
    const failure = await accounts.create(OWN_USER).then(
      () => null,
      (error: unknown) => error,
    );
    const created = await unprivileged(accounts, OWN_USER);
    if (created) return created;
    if (failure !== null && isMissingCommand(failure)) break;
    await pause(CREATE_PAUSE_MS);
  }
  for (const name of LAST_RESORTS) {
    const account = await unprivileged(accounts, name);
    if (!account) continue;
    log(`no system user could be created: PostgreSQL runs as ${name}`);
    return account;
  }
  throw new DatabaseError(
    'EMBEDDED_NO_ACCOUNT',
    `PostgreSQL refuses to run as root, and no other user was found or could be created. ` +
      `Create a system user named ${OWN_USER}, run this as an ordinary user, ` +
      'or give the address of a running PostgreSQL (--database-url).',
  );
}

async function unprivileged(accounts: Accounts, name: string): Promise<Account | null> {
  const account = await accounts.lookUp(name);
  return account !== null && account.uid > 0 && account.uid < 2 ** 31 ? account : null;
}

function isMissingCommand(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The accounts of the machine this runs on. */
export const SYSTEM_ACCOUNTS: Accounts = {
  self: process.getuid?.(),
  async lookUp(name) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      return null;
    }
  },
  async create(name) {
    const options = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
    await run('/usr/sbin/useradd', [...options, '--shell', '/usr/sbin/nologin', name]);
  },
};
