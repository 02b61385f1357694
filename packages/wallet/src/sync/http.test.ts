import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  decodeBody,
  decodeUpload,
  encodeBody,
  encodeReply,
  enrolmentReply,
  enrolmentRequest,
  loadReply,
  renewalRequest,
} from '@tallystick/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import type { WalletResult } from '../failure.ts';
import { Customer, demandOk } from '../testing/customer.ts';
import { World } from '../testing/world.ts';
import { createWallet } from '../wallet.ts';
import type { BackendPort } from './backend-port.ts';
import { httpBackend } from './http.ts';

type Answer = (request: IncomingMessage, body: Uint8Array, response: ServerResponse) => void;

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

/** Serves on a free loopback port until the test is over; returns the address. */
async function serve(answer: Answer): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Uint8Array[] = [];
    request.on('data', (part: Uint8Array) => parts.push(part));
    request.on('end', () => answer(request, Uint8Array.from(Buffer.concat(parts)), response));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The routes of TS-API-1 in front of the test backend. */
function routes(backend: BackendPort): Answer {
  return (request, body, response) => {
    const call = async (): Promise<WalletResult<Uint8Array>> => {
      switch (`${request.method} ${request.url}`) {
        case 'POST /api/v1/enrolment-challenges':
          return backend.challenge();
        case 'POST /api/v1/enrolments':
          return mapped(await backend.enrol(decodeBody(enrolmentRequest, body)), (reply) =>
            encodeBody(enrolmentReply, reply),
          );
        case 'POST /api/v1/loads':
          return mapped(await backend.load(body), (reply) => encodeBody(loadReply, reply));
        case 'POST /api/v1/syncs':
          return mapped(await backend.sync(decodeUpload(body)), encodeReply);
        case 'POST /api/v1/renewals':
          return backend.renew(decodeBody(renewalRequest, body));
        case 'GET /api/v1/status-list?since=1':
          return backend.statusList(1);
        case 'GET /api/v1/policy':
          return backend.policy();
        default:
          throw new Error(`no route ${request.url}`);
      }
    };
    const reply = async (): Promise<void> => {
      const result = await call();
      if (result.ok) response.end(result.value);
      else problem(response, 422, result.error.reason ?? 'INTERNAL');
    };
    reply().catch(() => problem(response, 500, 'INTERNAL'));
  };
}

function mapped<T>(
  result: WalletResult<T>,
  encode: (value: T) => Uint8Array,
): WalletResult<Uint8Array> {
  return result.ok ? { ok: true, value: encode(result.value) } : result;
}

function problem(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'Content-Type': 'application/problem+json; charset=utf-8' });
  response.end(JSON.stringify({ type: 'about:blank', title: 't', status, detail: 'why', code }));
}

const world = new World();
/** Alarms here never ring: no test waits. */
const backendAt = (baseUrl: string): BackendPort =>
  httpBackend({ baseUrl, fetch, timer: world.timer });

describe('a wallet over HTTP (TS-API-1)', () => {
  test('enrols, loads, syncs, renews and redeems', async () => {
    const customer = new Customer();
    const { device, world: theirs } = customer;
    const baseUrl = `${await serve(routes(theirs.backend))}/api/`;
    const wallet = createWallet({
      element: device,
      backend: httpBackend({ baseUrl, fetch, timer: theirs.timer }),
      pendingStore: device.store,
      timer: theirs.timer,
    });
    demandOk(await wallet.enrol({ participant: 'BETASESS', account: 'ada' }));
    expect(demandOk(await wallet.load(900n)).amount).toBe(900n);
    expect(demandOk(await wallet.sync())).toMatchObject({ refused: [], problems: [] });
    demandOk(await wallet.renew());
    expect(demandOk(await wallet.redeemAll())).toMatchObject({ state: 'paid', amount: 900n });
    expect(theirs.backend.ledger.reserve).toBe(0n);
    const unknown = await createWallet({
      element: new Customer('eve', theirs).device,
      backend: httpBackend({ baseUrl, fetch, timer: theirs.timer }),
      pendingStore: device.store,
      timer: theirs.timer,
    }).enrol({ participant: 'NOBODY', account: 'eve' });
    expect(unknown).toMatchObject({ error: { code: 'BACKEND_REFUSED', reason: 'UNKNOWN_ISSUER' } });
  });
});

describe('answers that are none', () => {
  const cases: [string, Answer, string, string?][] = [
    [
      'a refusal',
      (_, __, response) => problem(response, 422, 'REVOKED'),
      'BACKEND_REFUSED',
      'REVOKED',
    ],
    [
      'an overload',
      (_, __, response) => problem(response, 503, 'UNAVAILABLE'),
      'BACKEND_UNREACHABLE',
    ],
    [
      'a request to wait',
      (_, __, response) => problem(response, 429, 'SLOWER'),
      'BACKEND_UNREACHABLE',
    ],
    [
      'a captive portal’s page',
      (_, __, response) => response.end('<html>Log in</html>'),
      'BACKEND_UNREACHABLE',
    ],
    [
      'a proxy’s refusal',
      (_, __, response) => response.writeHead(403, { 'Content-Type': 'text/html' }).end('no'),
      'BACKEND_UNREACHABLE',
    ],
    [
      'a problem without a code',
      (_, __, response) =>
        response.writeHead(422, { 'Content-Type': 'application/problem+json' }).end('{}'),
      'BACKEND_UNREACHABLE',
    ],
    [
      'a problem that does not read',
      (_, __, response) =>
        response.writeHead(422, { 'Content-Type': 'application/problem+json' }).end('{'),
      'BACKEND_UNREACHABLE',
    ],
    [
      'a giant',
      (_, __, response) => response.end(new Uint8Array(3_000_000)),
      'BACKEND_UNREACHABLE',
    ],
    ['a line cut halfway', (_, __, response) => response.destroy(), 'BACKEND_UNREACHABLE'],
    ['an empty answer', (_, __, response) => response.end(), 'BACKEND_UNREACHABLE'],
  ];

  test.each(cases)('%s', async (_, answer, code, reason) => {
    const backend = backendAt(await serve(answer));
    const results = [await backend.load(new Uint8Array(3)), await backend.challenge()];
    for (const result of results) {
      expect(result.ok ? null : [result.error.code, result.error.reason]).toEqual([code, reason]);
    }
  });

  test('nobody at the address', async () => {
    const address = await serve(() => {});
    const [server] = servers.splice(0);
    server?.close();
    expect(await backendAt(address).policy()).toMatchObject({
      error: { code: 'BACKEND_UNREACHABLE' },
    });
  });

  test('silence, for as long as the wallet waits', async () => {
    const silent = await serve(() => {});
    const { timer } = new World();
    const backend = httpBackend({ baseUrl: silent, fetch, timer, timeoutMs: 5_000 });
    expect(await timer.run(backend.statusList())).toMatchObject({
      error: { code: 'BACKEND_UNREACHABLE' },
    });
    expect(timer.alarms).toBe(0);
  });
});
