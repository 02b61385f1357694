import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, type PoolClient, types } from 'pg';
import { DatabaseError } from './database-error.ts';

/** The oldest PostgreSQL that is supported, as its server_version_num. */
const OLDEST_VERSION = 150_000;
/** Numbers of types in PostgreSQL's catalogue, the same in every version. */
const INT8 = 20;
const BYTEA = 17;
const NUMERIC = 1700;
const HEX_MARK = '\\x';
const CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_CONNECTIONS = 10;
/**
 * What every connection is told, whatever its database or role sets. We look rows up by their keys,
 * hundreds at once: where a table has grown since its statistics were taken, the planner would read all
 * of it for that. A statement after a lock must see what was committed before it was got.
 */
const SETTINGS = [
  'set enable_seqscan = off',
  'set enable_hashjoin = off',
  'set enable_mergejoin = off',
  'set bytea_output = hex',
  `set default_transaction_isolation = 'read committed'`,
].join('; ');

export interface ConnectOptions {
  /** Connections kept at most; default 10. */
  readonly maxConnections?: number;
  /** Told when a connection breaks: work on it fails, the next query opens another. */
  readonly log?: (line: string) => void;
}

/**
 * Opens a pool of connections and checks that the server can be used. `int8` and `numeric` columns are
 * bigint, `bytea` columns are plain Uint8Array, `timestamptz` columns are Date. Close it with `destroy()`.
 *
 * @throws DatabaseError with a code that starts with `DATABASE_`; its message never holds the password
 */
export async function connect<DB>(url: string, options: ConnectOptions = {}): Promise<Kysely<DB>> {
  const place = describe(url);
  const pool = new Pool({
    connectionString: url,
    max: options.maxConnections ?? DEFAULT_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'tallystick',
    types: { getTypeParser },
  });
  // A connection says that it broke by an event, which ends the process unless somebody listens: the
  // pool does only to those that nobody uses, so it would end in the middle of any transaction.
  pool.on('connect', (client) => {
    client.once('error', (error: Error) =>
      options.log?.(`lost a connection to ${place}: ${error.message}`),
    );
    client.on('error', () => {});
    // It is sent before anything else; a connection that cannot take it is broken, and says so itself.
    client.query(SETTINGS).catch(() => {});
    prepareStatements(client);
  });
  pool.on('error', () => {});
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  try {
    await assertVersion(db, place);
    return db;
  } catch (error) {
    await db.destroy();
    throw error instanceof DatabaseError ? error : connectionError(error, place);
  }
}

/** So many statements a connection keeps prepared; the rest are read and planned each time. */
const STATEMENTS_MAX = 256;

/** Has each statement read and planned once a connection, and then known by a name. */
function prepareStatements(client: PoolClient): void {
  const known = new Map<string, string>();
  const run = client.query.bind(client) as (query: unknown, ...rest: unknown[]) => unknown;
  const prepared = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
    if (typeof text !== 'string' || !Array.isArray(values)) return run(text, values, ...rest);
    if (!known.has(text) && known.size < STATEMENTS_MAX) known.set(text, `s${known.size}`);
    const name = known.get(text);
    return name === undefined ? run(text, values, ...rest) : run({ name, text, values }, ...rest);
  };
  client.query = prepared as typeof client.query;
}

/** The part of an address that may be shown to anybody. */
function describe(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed && /^postgres(ql)?:$/.test(parsed.protocol)) return `${parsed.host}${parsed.pathname}`;
  throw new DatabaseError(
    'DATABASE_URL_INVALID',
    'The address of the database is not one of PostgreSQL. ' +
      'Write it as postgres://user:password@host:5432/name.',
  );
}

async function assertVersion<DB>(db: Kysely<DB>, place: string): Promise<void> {
  const { rows } = await sql<{ number: number; version: string }>`
    select current_setting('server_version_num')::int4 as number,
           current_setting('server_version') as version`.execute(db);
  const [found] = rows;
  if (found && found.number >= OLDEST_VERSION) return;
  throw new DatabaseError(
    'DATABASE_TOO_OLD',
    `The PostgreSQL at ${place} is version ${found?.version ?? 'unknown'}; 15 or newer is needed. ` +
      'Upgrade it, or leave out --database-url to use the embedded one.',
  );
}

function connectionError(error: unknown, place: string): DatabaseError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error && error.message !== '' ? error.message : code;
  // Class 28 is SQLSTATE's "invalid authorization"; a missing password is found by the driver.
  if (code.startsWith('28') || /password must be a string/i.test(message)) {
    return new DatabaseError(
      'DATABASE_AUTH_FAILED',
      `The PostgreSQL at ${place} refuses this user or password. ` +
        'Correct them in the address: postgres://user:password@host:5432/name.',
      error,
    );
  }
  if (code === '3D000') {
    return new DatabaseError(
      'DATABASE_NOT_FOUND',
      `There is no database at ${place}. Create it (createdb), or correct the address.`,
      error,
    );
  }
  return new DatabaseError(
    'DATABASE_UNREACHABLE',
    `No PostgreSQL answers at ${place} (${message}). Start it, or correct the address.`,
    error,
  );
}

type TypeParser = (value: string) => unknown;

function getTypeParser(oid: number, format?: 'text' | 'binary'): TypeParser {
  if (format !== 'binary') {
    // Whole numbers are all that we keep in a numeric column.
    if (oid === INT8 || oid === NUMERIC) return BigInt;
    if (oid === BYTEA) return parseBytes;
  }
  return types.getTypeParser(oid, format) as TypeParser;
}

/** A Uint8Array of its own memory: a Buffer would share its memory with others. */
function parseBytes(text: string): Uint8Array {
  if (!text.startsWith(HEX_MARK)) throw new Error('a bytea column came in another form than hex');
  const bytes = new Uint8Array((text.length - HEX_MARK.length) / 2);
  Buffer.from(bytes.buffer).write(text.slice(HEX_MARK.length), 'hex');
  return bytes;
}
