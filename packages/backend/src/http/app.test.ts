import { toHex } from '@tallystick/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { Device } from '../service/testing/device.ts';
import { createWorld, START, type World } from '../service/testing/world.ts';
import { MESSAGE_BYTES_MAX, UPLOAD_BYTES_MAX } from './body.ts';
import { type Client, clientOf, codeOf, TOKEN } from './testing/client.ts';

interface Listed<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

const ACCOUNT = {
  participant: 'ALPHSESS',
  account: 'DE02120300000000202051',
  balance: { amount: '5000', currency: 'EUR' },
  acceptancePoint: null,
};

let world: World;
let client: Client;
beforeEach(async () => {
  world = await createWorld();
  client = clientOf(world);
});

describe('devices', () => {
  test('enrol, load and sync in CBOR', async () => {
    await client.post('/v1/accounts', ACCOUNT);
    const challenge = await client.request('/v1/enrolment-challenges', { method: 'POST' });
    const device = new Device('ann');
    const body = device.enrolmentRequest(
      new Uint8Array(await challenge.arrayBuffer()),
      'ALPHSESS',
      ACCOUNT.account,
    );
    const enrolled = await client.send('/v1/enrolments', body);
    expect(enrolled.status).toBe(200);
    expect(enrolled.headers.get('content-type')).toBe('application/cbor');
    device.personalise(new Uint8Array(await enrolled.arrayBuffer()));
    expect((await client.send('/v1/loads', device.request(2_000n, START))).status).toBe(200);
    expect((await client.send('/v1/syncs', device.upload())).status).toBe(200);
    const accounts = await client.read<Listed<typeof ACCOUNT>>('/v1/accounts');
    expect(accounts.items[0]?.balance).toEqual({ amount: '3000', currency: 'EUR' });
  });

  test.each([
    ['/v1/status-list', 'application/statuslist+cwt'],
    ['/v1/policy', 'application/cose'],
    ['/v1/authorities', 'application/cbor'],
  ])('read %s', async (path, type) => {
    const response = await client.get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(50);
  });

  test('read what is new in the status list, whole or as a delta, by its media type', async () => {
    const list = await client.get('/v1/status-list');
    const now = await client.get('/v1/status-list?since=1');
    for (const whole of [list, now]) {
      expect(whole.headers.get('content-type')).toBe('application/statuslist+cwt');
    }
    expect((await client.get('/v1/status-list?bytes=294&since=1')).status).toBe(404);
    const device = await world.enrol('ann');
    await world.backend.revoke(toHex(device.ref), 'stolen');
    const delta = await client.get('/v1/status-list?since=1');
    expect(delta.headers.get('content-type')).toBe('application/cose');
    const code = await client.get('/v1/status-list?bytes=294');
    expect(code.headers.get('content-type')).toBe('application/cose');
    expect((await code.arrayBuffer()).byteLength).toBeLessThanOrEqual(294);
    for (const wrong of ['since=-1', 'since=x', 'since=4294967296', 'bytes=0', 'bytes=16385']) {
      expect((await client.get(`/v1/status-list?${wrong}`)).status).toBe(400);
    }
  });

  const paths = ['/v1/enrolments', '/v1/loads', '/v1/syncs', '/v1/renewals'];
  test.each(paths)('%s refuses bytes that are no message', async (path) => {
    for (const bytes of [
      [],
      [0xff],
      [0x18],
      [0x80],
      [0x81, 0x00],
      [0x1b, 0, 0, 0, 0, 0, 0, 0, 1],
    ]) {
      const response = await client.send(path, Uint8Array.from(bytes));
      expect(response.status).toBe(400);
      expect(await codeOf(response)).toMatch(
        /^(?:MALFORMED|NON_CANONICAL|WRONG_KIND|MISSING_FIELD|BAD_FIELD|TRAILING_BYTES)$/,
      );
    }
  });

  test.each(paths)('%s refuses another media type', async (path) => {
    const response = await client.send(path, new Uint8Array(1), { 'content-type': 'text/plain' });
    expect(response.status).toBe(415);
    expect(await codeOf(response)).toBe('UNSUPPORTED_MEDIA_TYPE');
  });

  test.each(paths)(
    '%s refuses a body that is too long, before and while it is read',
    async (path) => {
      const max = path === '/v1/syncs' ? UPLOAD_BYTES_MAX : MESSAGE_BYTES_MAX;
      const announced = await client.send(path, new Uint8Array(1), {
        'content-length': String(max + 1),
      });
      expect(await codeOf(announced)).toBe('OVERSIZED');
      let sent = 0;
      const chunk = new Uint8Array(16_384);
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          sent += chunk.length;
          controller.enqueue(chunk);
        },
      });
      const init = { method: 'POST', body, duplex: 'half' as const };
      const streamed = await client.request(path, {
        ...init,
        headers: { 'content-type': 'application/cbor' },
      });
      expect(streamed.status).toBe(413);
      expect(await codeOf(streamed)).toBe('OVERSIZED');
      expect(sent).toBeLessThan(max + 10 * chunk.length);
    },
  );

  test('a refusal of the service comes with its code and status', async () => {
    const ann = await world.enrol('ann', { balance: 10n });
    const response = await client.send('/v1/loads', ann.request(11n, START));
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({
      type: 'urn:tallystick:problem:INSUFFICIENT_FUNDS',
      title: 'insufficient funds',
      status: 422,
      detail: 'the balance is too small: ann',
      code: 'INSUFFICIENT_FUNDS',
    });
  });
});

describe('operators', () => {
  const paths = [
    '/v1/supply',
    '/v1/purses',
    '/v1/purses/0011223344556677',
    '/v1/payments',
    '/v1/receipts',
    '/v1/forks',
    `/v1/facts/${'00'.repeat(32)}`,
    '/v1/accounts',
  ];
  test.each(paths)('%s needs the token', async (path) => {
    for (const authorization of [
      '',
      'Bearer',
      'Bearer wrong-token',
      'Basic b3BlcmF0b3I6dG9rZW4=',
    ]) {
      const response = await client.get(path, { authorization });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
      expect(await codeOf(response)).toBe('UNAUTHORISED');
    }
  });

  test('posting needs the token too, and does nothing without', async () => {
    const response = await client.post('/v1/accounts', ACCOUNT, { authorization: 'Bearer no' });
    expect(response.status).toBe(401);
    expect((await client.read<Listed<unknown>>('/v1/accounts')).items).toEqual([]);
  });

  test('see purses, both halves of payments, facts and the supply equation', async () => {
    const ann = await world.enrol('ann');
    const bob = await world.enrol('bob', { participant: 'BETASESS' });
    await world.load(ann, 5_000n);
    const request = bob.request(1_200n, START);
    bob.receive(ann.pay(request, 1_200n, { syncedAt: START }), request);
    await world.sync(bob);
    await world.sync(ann);

    const purses = await client.read<Listed<{ id: string }>>('/v1/purses');
    expect(purses.items.map(({ id }) => id).sort()).toEqual(
      [toHex(ann.ref), toHex(bob.ref)].sort(),
    );
    const purse = await client.read<Record<string, unknown>>(`/v1/purses/${toHex(ann.ref)}`);
    expect(purse).toMatchObject({ participant: 'ALPHSESS', standing: 'sound', revokedAt: null });
    const payments = await client.read<Listed<{ id: string }>>('/v1/payments');
    expect(payments.items).toMatchObject([
      {
        amount: { amount: '1200', currency: 'EUR' },
        payer: { purse: toHex(ann.ref), inLog: true, accepted: true },
        payee: { purse: toHex(bob.ref), received: true, credited: true },
      },
    ]);
    const id = payments.items[0]?.id ?? '';
    expect(await client.read(`/v1/payments/${id}`)).toEqual(payments.items[0]);
    const facts = await client.read<Listed<unknown>>(`/v1/facts/${id}`);
    // Once by its own signature, as its payee brought it, and once in its payer's log.
    const fact = { id, kind: 'payment', purse: toHex(ann.ref) };
    expect(facts.items).toMatchObject([
      { ...fact, inLog: false },
      { ...fact, inLog: true },
    ]);
    const receipts = await client.read<Listed<unknown>>('/v1/receipts');
    expect(receipts.items).toHaveLength(2);
    const supply = await client.read<Listed<{ participant: string | null }>>('/v1/supply');
    expect(supply.items.find(({ participant }) => participant === null)).toMatchObject({
      reserve: { amount: '5000', currency: 'EUR' },
      balances: { amount: '5000', currency: 'EUR' },
      balanced: true,
    });
  });

  test('revoke a purse, and see the list version that says so', async () => {
    const ann = await world.enrol('ann');
    const id = toHex(ann.ref);
    const response = await client.post('/v1/revocations', { purse: id, reason: 'lost' });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ purse: id, reason: 'lost', listVersion: 2 });
    expect(await client.read(`/v1/purses/${id}`)).toMatchObject({ revokedAt: 2, reason: 'lost' });
    const unknown = await client.post('/v1/revocations', { purse: '00'.repeat(8), reason: 'lost' });
    expect(await codeOf(unknown)).toBe('UNKNOWN_PURSE');
  });

  test('see a fork with its proof', async () => {
    const ann = await world.enrol('ann');
    const bob = await world.enrol('bob');
    await world.load(ann, 100n);
    const clone = ann.clone();
    for (const payer of [ann, clone]) {
      const request = bob.request(100n, START);
      bob.receive(payer.pay(request, 100n, { syncedAt: START }), request);
    }
    await world.sync(bob);
    const forks = await client.read<Listed<unknown>>('/v1/forks');
    expect(forks.items).toMatchObject([{ purse: toHex(ann.ref), kind: 'position' }]);
    const audited = await client.post('/v1/audits', null);
    expect(await audited.json()).toMatchObject({ agrees: true, purses: 2, differencesInAll: 0 });
  });

  test('read a list a page at a time, each row once', async () => {
    for (const name of ['ann', 'bob', 'cat', 'dan', 'eve']) await world.enrol(name);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: Listed<{ id: string }> = await client.read(`/v1/purses?limit=2${query}`);
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  const bad: [string, string, unknown][] = [
    ['money as a number', '/v1/accounts', { ...ACCOUNT, balance: { amount: 5, currency: 'EUR' } }],
    [
      'money with a fraction',
      '/v1/accounts',
      { ...ACCOUNT, balance: { amount: '1.5', currency: 'EUR' } },
    ],
    ['negative money', '/v1/accounts', { ...ACCOUNT, balance: { amount: '-1', currency: 'EUR' } }],
    [
      'too much money',
      '/v1/accounts',
      { ...ACCOUNT, balance: { amount: '9007199254740992', currency: 'EUR' } },
    ],
    ['no such currency', '/v1/accounts', { ...ACCOUNT, balance: { amount: '5', currency: 'EUX' } }],
    ['a name with a control character', '/v1/accounts', { ...ACCOUNT, account: 'a\u0007b' }],
    ['a name that is too long', '/v1/accounts', { ...ACCOUNT, account: 'é'.repeat(18) }],
    ['a missing field', '/v1/revocations', { purse: '00'.repeat(8) }],
    ['an unknown reason', '/v1/revocations', { purse: '00'.repeat(8), reason: 'bored' }],
    ['an id that is none', '/v1/revocations', { purse: 'zz', reason: 'lost' }],
  ];
  test.each(bad)('are told about %s', async (_, path, body) => {
    const response = await client.post(path, body);
    expect(response.status).toBe(400);
    expect(await codeOf(response)).toBe('BAD_REQUEST');
  });

  test('are told about JSON that is none, and about a cursor that is not ours', async () => {
    const authorization = `Bearer ${TOKEN}`;
    const broken = await client.request('/v1/accounts', {
      method: 'POST',
      body: '{',
      headers: { authorization, 'content-type': 'application/json' },
    });
    expect(await codeOf(broken)).toBe('BAD_REQUEST');
    const cursor = await client.get('/v1/purses?cursor=_', { authorization });
    expect(await codeOf(cursor)).toBe('BAD_REQUEST');
    const limit = await client.get('/v1/purses?limit=0', { authorization });
    expect(await codeOf(limit)).toBe('BAD_REQUEST');
    const nothing = await client.get(`/v1/facts/${'00'.repeat(32)}`, { authorization });
    expect(nothing.status).toBe(404);
  });
});

describe('Idempotency-Key', () => {
  test('a repeated request gets the first response and has no second effect', async () => {
    const headers = { 'idempotency-key': 'open-1' };
    const first = await client.post('/v1/accounts', ACCOUNT, headers);
    const again = await client.post('/v1/accounts', ACCOUNT, headers);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(await again.json()).toEqual(await first.json());
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await codeOf(await client.post('/v1/accounts', ACCOUNT))).toBe('ACCOUNT_EXISTS');
  });

  test('a refusal is repeated too', async () => {
    const headers = { 'idempotency-key': 'revoke-1' };
    const body = { purse: '00'.repeat(8), reason: 'lost' };
    expect(await codeOf(await client.post('/v1/revocations', body, headers))).toBe('UNKNOWN_PURSE');
    const again = await client.post('/v1/revocations', body, headers);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await codeOf(again)).toBe('UNKNOWN_PURSE');
  });

  test('a key belongs to one request, and is forgotten after two days at most', async () => {
    const headers = { 'idempotency-key': 'open-1' };
    await client.post('/v1/accounts', ACCOUNT, headers);
    const other = { ...ACCOUNT, account: 'other' };
    expect(await codeOf(await client.post('/v1/accounts', other, headers))).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
    world.clock.now += 86_400 - 1;
    const nextDay = await client.post('/v1/accounts', ACCOUNT, headers);
    expect(nextDay.headers.get('idempotency-replayed')).toBe('true');
    world.clock.now += 2 * 86_400;
    expect((await client.post('/v1/accounts', other, headers)).status).toBe(201);
  });

  test('two at once: one is carried out, the other told to wait or shown the result', async () => {
    const headers = { 'idempotency-key': 'open-1' };
    const both = await Promise.all([1, 2].map(() => client.post('/v1/accounts', ACCOUNT, headers)));
    const statuses = both.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses[0]).toBe(201);
    expect([201, 409]).toContain(statuses[1]);
    expect((await client.read<Listed<unknown>>('/v1/accounts')).items).toHaveLength(1);
  });

  test('a key that is no header value is refused', async () => {
    const response = await client.post('/v1/accounts', ACCOUNT, { 'idempotency-key': 'a b' });
    expect(await codeOf(response)).toBe('BAD_REQUEST');
  });
});

describe('the rest', () => {
  test('the description names every route, and every schema it refers to', async () => {
    const text = await (await client.get('/openapi.json')).text();
    const document = JSON.parse(text) as {
      openapi: string;
      paths: Record<string, unknown>;
      components: { schemas: Record<string, unknown> };
    };
    expect(document.openapi).toBe('3.1.0');
    for (const path of [
      '/v1/enrolments',
      '/v1/syncs',
      '/v1/supply',
      '/v1/payments/{id}',
      '/readyz',
    ]) {
      expect(Object.keys(document.paths)).toContain(path);
    }
    const referred = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(
      ([, name = '']) => name,
    );
    expect(referred.length).toBeGreaterThan(5);
    for (const name of referred) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  test('health, readiness and metrics; ids never become labels', async () => {
    expect((await client.get('/healthz')).status).toBe(200);
    expect((await client.get('/readyz')).status).toBe(200);
    await client.read(`/v1/purses/${'ab'.repeat(8)}`);
    await client.get('/no/such/page');
    const metrics = await (await client.get('/metrics')).text();
    expect(metrics).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/v1\/purses\/:id",status="404"\} 1\n/,
    );
    expect(metrics).toMatch(/route="none",status="404"/);
    expect(metrics).not.toContain('abab');
    expect(metrics).toContain(
      'tallystick_supply_minor_units{participant="ALPHSESS",currency="EUR",term="reserve"} 0',
    );
    expect(
      metrics.split('\n').filter((line) => !/^(?:#.*|\w+\{.*\} [\d.e-]+|)$/.test(line)),
    ).toEqual([]);
  });

  test('the public supply needs no token and names no purse', async () => {
    const ann = await world.enrol('ann');
    await world.load(ann, 250n);
    const response = await client.get('/v1/public/supply');
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      asOf: '2027-01-01T00:00:00Z',
      scheme: { id: 'tallystick-sandbox', sandbox: true, currency: 'EUR', exponent: 2 },
      participants: [{ code: 'ALPHSESS' }, { code: 'BETASESS' }],
    });
    expect(text).not.toContain(toHex(ann.ref));
    expect(text).toContain('"inFlight":{"amount":"250","currency":"EUR"}');
  });

  test('the page and all it needs come from here, under a strict policy', async () => {
    const page = await client.get('/');
    const html = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(4);
    for (const link of links) {
      expect(link).toMatch(/^\//);
      expect((await client.get(link)).status).toBe(200);
    }
    expect(html).not.toMatch(/\sstyle=|<style|<script>|\son\w+=/);
  });

  test('what is not there, is a problem too', async () => {
    expect(await codeOf(await client.get('/v2'))).toBe('NOT_FOUND');
    expect(await codeOf(await client.request('/v1/syncs', { method: 'PUT' }))).toBe('NOT_FOUND');
  });

  test('a failure of ours says nothing of its reason, and logs it', async () => {
    Object.assign(world.backend, { sync: () => Promise.reject(new Error('secret of the house')) });
    const response = await client.send('/v1/syncs', new Uint8Array(1));
    const text = await response.clone().text();
    expect(response.status).toBe(500);
    expect(await codeOf(response)).toBe('INTERNAL');
    expect(text).not.toContain('secret');
    expect(client.logged.join()).toContain('secret of the house');
  });
});
