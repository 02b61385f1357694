import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { connect } from './connect.ts';
import { type EmbeddedDatabase, startEmbedded } from './embedded.ts';

/** A PostgreSQL for one test file. */
export interface TestServer<DB> {
  /** Creates an empty (or prepared) database and returns its address. */
  createDatabase(): Promise<string>;
  /** Runs a test body on a database of its own. */
  withDatabase<T>(use: (db: Kysely<DB>, url: string) => Promise<T>): Promise<T>;
  /** Stops the server and deletes everything. Call it in `afterAll`. */
  stop(): Promise<void>;
}

interface Running {
  readonly directory: string;
  readonly server: EmbeddedDatabase;
  readonly admin: Kysely<unknown>;
}

/**
 * A real PostgreSQL for a test file, started by its first use:
 *
 * ```ts
 * const server = testServer<Database>({ prepare: (db) => migrate(db, MIGRATIONS) });
 * afterAll(() => server.stop());
 * test('...', () => server.withDatabase(async (db) => { ... }));
 * ```
 *
 * `prepare` runs once, and every database starts as a copy of what it made.
 */
export function testServer<DB>(
  options: { readonly prepare?: (db: Kysely<DB>) => Promise<unknown> } = {},
): TestServer<DB> {
  let running: Promise<Running> | null = null;
  const start = (): Promise<Running> => (running ??= open(options.prepare));

  async function createDatabase(): Promise<string> {
    const { server, admin } = await start();
    const name = `test_${randomBytes(8).toString('hex')}`;
    // Copying files is faster than logging every page of them, the default.
    await sql`
      create database ${sql.id(name)} template ${sql.id(TEMPLATE)} strategy file_copy`.execute(
      admin,
    );
    return addressOf(server, name);
  }

  return {
    createDatabase,
    async withDatabase(use) {
      const url = await createDatabase();
      const db = await connect<DB>(url);
      try {
        return await use(db, url);
      } finally {
        await db.destroy();
      }
    },
    async stop() {
      if (running === null) return;
      const { directory, server, admin } = await running;
      running = null;
      await admin.destroy();
      await server.stop();
      await rm(dirname(server.dataFolder), { recursive: true, force: true });
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const TEMPLATE = 'test_template';

async function open<DB>(prepare?: (db: Kysely<DB>) => Promise<unknown>): Promise<Running> {
  const directory = await mkdtemp(join(tmpdir(), 'tallystick-test-'));
  // As root, PostgreSQL runs as another user, who must be able to walk in.
  await chmod(directory, 0o755);
  const server = await startEmbedded({ directory, log: () => {} });
  const admin = await connect<unknown>(server.url);
  await sql`create database ${sql.id(TEMPLATE)}`.execute(admin);
  if (prepare) {
    const template = await connect<DB>(addressOf(server, TEMPLATE));
    try {
      await prepare(template);
    } finally {
      await template.destroy();
    }
  }
  return { directory, server, admin };
}

function addressOf(server: EmbeddedDatabase, database: string): string {
  return Object.assign(new URL(server.url), { pathname: `/${database}` }).href;
}
