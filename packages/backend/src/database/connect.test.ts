import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { connect } from './connect.ts';
import { findFreePort } from './embedded/server.ts';
import { testServer } from './testing.ts';

const server = testServer<unknown>();
afterAll(() => server.stop());

describe('a connection', () => {
  test('reads int8 as bigint, bytea as bytes of their own, timestamptz as Date', () =>
    server.withDatabase(async (db) => {
      const { rows } = await sql<Record<string, unknown>>`
        select 9223372036854775807::int8 as large, -1::int8 as small, 7::int4 as int,
               '\\x00ff'::bytea as bytes, ''::bytea as empty, null::bytea as nothing,
               '2026-01-02T03:04:05.678Z'::timestamptz as moment`.execute(db);
      expect(rows).toEqual([
        {
          large: 2n ** 63n - 1n,
          small: -1n,
          int: 7,
          bytes: new Uint8Array([0, 255]),
          empty: new Uint8Array(),
          nothing: null,
          moment: new Date('2026-01-02T03:04:05.678Z'),
        },
      ]);
      const bytes = rows[0]!.bytes as Uint8Array;
      expect(Buffer.isBuffer(bytes)).toBe(false);
      expect(bytes.buffer.byteLength).toBe(2);
    }));

  test('is told what we rely on, whatever its database says', async () => {
    const url = await server.createDatabase();
    const first = await connect<unknown>(url);
    const name = sql.id(new URL(url).pathname.slice(1));
    await sql`alter database ${name} set bytea_output = escape`.execute(first);
    await sql`alter database ${name} set default_transaction_isolation = 'serializable'`.execute(
      first,
    );
    await first.destroy();
    const db = await connect<unknown>(url);
    const { rows } = await sql`
      select '\\x00ff5c41'::bytea as bytes,
             current_setting('transaction_isolation') as isolation`.execute(db);
    const bytes = new Uint8Array([0, 255, 92, 65]);
    expect(rows).toEqual([{ bytes, isolation: 'read committed' }]);
    await db.destroy();
  });

  test('writes bigint and bytes unchanged', () =>
    server.withDatabase(async (db) => {
      const sent = { large: -(2n ** 63n), bytes: new Uint8Array([0, 92, 39, 255]) };
      const { rows } = await sql`
        select ${sent.large}::int8 as large, ${sent.bytes}::bytea as bytes`.execute(db);
      expect(rows).toEqual([sent]);
    }));

  test('that breaks while idle is reported and replaced', async () => {
    const url = await server.createDatabase();
    const lost = Promise.withResolvers<string>();
    const victim = await connect<unknown>(url, { maxConnections: 1, log: lost.resolve });
    const killer = await connect<unknown>(url, { maxConnections: 1 });
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(victim);
    await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(killer);
    expect(await lost.promise).toMatch(/^lost a connection to 127\.0\.0\.1:\d+\/test_/);
    const again = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(victim);
    expect(again.rows[0]!.pid).not.toBe(rows[0]!.pid);
    await victim.destroy();
    await killer.destroy();
  });

  test('that breaks between two queries of a transaction fails that, and the process lives', async () => {
    const url = await server.createDatabase();
    const lost = Promise.withResolvers<string>();
    const victim = await connect<unknown>(url, { maxConnections: 1, log: lost.resolve });
    const killer = await connect<unknown>(url, { maxConnections: 1 });
    const broken = victim.transaction().execute(async (trx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
      await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(killer);
      await lost.promise;
      await sql`select 1`.execute(trx);
    });
    await expect(broken).rejects.toThrow(/connection/i);
    expect(await lost.promise).toMatch(/^lost a connection to 127\.0\.0\.1:\d+\/test_/);
    await sql`select 1`.execute(victim);
    await victim.destroy();
    await killer.destroy();
  });
});

describe('an address that cannot be used', () => {
  const refused = (url: string): Promise<Error> =>
    connect(url).then(
      () => expect.unreachable('connected'),
      (error: unknown) => error as Error,
    );

  test.each(['', 'nonsense', 'mysql://user:secret@localhost/db', 'localhost:5432'])(
    'is not of PostgreSQL: %j',
    async (url) => {
      const error = await refused(url);
      expect(error).toMatchObject({ code: 'DATABASE_URL_INVALID' });
      expect(error.message).toContain('postgres://user:password@host:5432/name');
      expect(error.message).not.toContain('secret');
    },
  );

  test('has nobody behind it', async () => {
    const port = await findFreePort();
    const error = await refused(`postgres://user:secret@127.0.0.1:${port}/db`);
    expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    expect(error.message).toMatch(/at 127\.0\.0\.1:\d+\/db \(.*ECONNREFUSED.*\)\. Start it/);
    expect(error.message).not.toContain('secret');
  });

  test('has a wrong password, or none', async () => {
    const url = new URL(await server.createDatabase());
    for (const password of ['wrong', '']) {
      const error = await refused(Object.assign(url, { password }).href);
      expect(error).toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
      expect(error.message).toContain('refuses this user or password');
    }
  });

  test('names a database that is not there', async () => {
    const url = new URL(await server.createDatabase());
    const error = await refused(Object.assign(url, { pathname: '/elsewhere' }).href);
    expect(error).toMatchObject({ code: 'DATABASE_NOT_FOUND' });
    expect(error.message).toMatch(/no database at .*\/elsewhere\. Create it/);
  });

  test('belongs to a PostgreSQL that is too old', async () => {
    const old = createServer((socket) => actAsVersion(socket, '140012', '14.12'));
    old.listen(0, '127.0.0.1');
    await once(old, 'listening');
    const { port } = old.address() as { port: number };
    const error = await refused(`postgres://user@127.0.0.1:${port}/db`);
    expect(error).toMatchObject({ code: 'DATABASE_TOO_OLD' });
    expect(error.message).toContain('is version 14.12; 15 or newer is needed');
    old.close();
  });
});

/** Lets anybody in, and answers every query with a row of a number and a version. */
function actAsVersion(socket: Socket, number: string, version: string): void {
  const message = (type: string, ...parts: (number | string | Buffer)[]): Buffer => {
    const body = Buffer.concat(parts.map(part));
    return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
  };
  const ready = message('Z', 'I');
  const INT4 = 23;
  const TEXT = 25;
  const field = (name: string, oid: number): Buffer =>
    Buffer.concat([`${name}\0`, int32(0), 0, int32(oid), -1, int32(-1), 0].map(part));
  const cell = (text: string): Buffer => Buffer.concat([int32(text.length), Buffer.from(text)]);
  socket.on('error', () => socket.destroy());
  socket.once('data', () => {
    socket.write(Buffer.concat([message('R', int32(0)), ready]));
    socket.on('data', () => {
      const description = message('T', 2, field('number', INT4), field('version', TEXT));
      const row = message('D', 2, cell(number), cell(version));
      socket.write(Buffer.concat([description, row, message('C', 'SELECT 1\0'), ready]));
    });
  });
}

/** A 16-bit number, a text, or bytes, as the PostgreSQL protocol writes them. */
function part(value: number | string | Buffer): Buffer {
  if (typeof value !== 'number') return Buffer.from(value);
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
