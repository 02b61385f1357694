import type { World } from '../../service/testing/world.ts';
import { createApp } from '../app.ts';

export const TOKEN = 'operator-token-of-a-test';

/** Sends a request as far as the application, without a socket. */
export interface Client {
  readonly logged: string[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** GET with the operator's token; the body as JSON. */
  read<T>(path: string): Promise<T>;
  /** POST of JSON with the operator's token. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** POST of CBOR. */
  send(path: string, body: Uint8Array, headers?: Record<string, string>): Promise<Response>;
  request(path: string, init?: RequestInit): Promise<Response>;
}

export function clientOf({ backend, store, staff, clock }: World): Client {
  const logged: string[] = [];
  let ms = 0;
  const app = createApp({
    backend,
    store,
    staff,
    token: TOKEN,
    clock: () => clock.now,
    nowMs: () => (ms += 700),
    ready: async () => (await store.latestList()) !== null,
    log: (line) => logged.push(line),
  });
  const request = async (path: string, init?: RequestInit): Promise<Response> =>
    app.request(path, init);
  const authorization = `Bearer ${TOKEN}`;
  return {
    logged,
    request,
    get: (path, headers = {}) => request(path, { headers }),
    read: async <T>(path: string) =>
      (await (await request(path, { headers: { authorization } })).json()) as T,
    post: (path, body, headers = {}) =>
      request(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { authorization, 'content-type': 'application/json', ...headers },
      }),
    send: (path, body, headers = {}) =>
      request(path, {
        method: 'POST',
        body: Uint8Array.from(body),
        headers: { 'content-type': 'application/cbor', ...headers },
      }),
  };
}

/** The stable code of a refusal. */
export async function codeOf(response: Response): Promise<string> {
  if (response.headers.get('content-type') !== 'application/problem+json') {
    throw new Error(`status ${response.status} is no problem document`);
  }
  const problem = (await response.json()) as { code: string; status: number };
  if (problem.status !== response.status) throw new Error('the two statuses differ');
  return problem.code;
}
