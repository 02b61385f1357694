import {
  attempt,
  type Bytes,
  type Codec,
  credential,
  decodeBody,
  decodeReply,
  demand,
  encodeBody,
  encodeUpload,
  enrolmentReply,
  enrolmentRequest,
  introduction as introductionCodec,
  loadReply,
  renewalRequest,
} from '@tallystick/protocol';
import { fail, type WalletResult } from '../failure.ts';
import type { Timer } from '../timer.ts';
import type { BackendPort } from './backend-port.ts';

/** What this needs of the platform's `fetch`. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

export interface FetchInit {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
  json(): Promise<unknown>;
}

export interface HttpOptions {
  /** Such as `https://bank.example`; a path is kept, a slash at its end makes no difference. */
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly timer: Timer;
  /** How long to wait for a whole answer, in milliseconds. */
  readonly timeoutMs?: number;
}

const CBOR = 'application/cbor';
const PROBLEM = 'application/problem+json';
/** The longest answer, a sync's, with room to spare. */
const ANSWER_BYTES = 2_097_152;
/** Refusals that pass by themselves: the same request may succeed later. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * The backend over HTTP (TS-API-1), by the platform's own `fetch`. An answer that the backend's own
 * code did not write (a captive portal's, a proxy's) counts as none: BACKEND_UNREACHABLE.
 */
export function httpBackend(options: HttpOptions): BackendPort {
  const call = caller(options);
  const post = (path: string, body: Bytes): Promise<WalletResult<Bytes>> => call(path, body);
  return {
    challenge: async () => check(await post('/v1/enrolment-challenges', new Uint8Array(0)), exact),
    sealedChallenge: async (introduction) =>
      check(
        await post('/v1/sealed-challenges', encodeBody(introductionCodec, introduction)),
        reading(credential),
      ),
    enrol: async (request) =>
      check(
        await post('/v1/enrolments', encodeBody(enrolmentRequest, request)),
        reading(enrolmentReply),
      ),
    load: async (signedRequest) =>
      check(await post('/v1/loads', signedRequest), reading(loadReply)),
    sync: async (upload) => check(await post('/v1/syncs', encodeUpload(upload)), decodeReply),
    renew: (request) => post('/v1/renewals', encodeBody(renewalRequest, request)),
    statusList: (since) =>
      call(since === undefined ? '/v1/status-list' : `/v1/status-list?since=${since}`, null),
    policy: () => call('/v1/policy', null),
  };
}

export type Call = (path: string, body: Bytes | null) => Promise<WalletResult<Bytes>>;

/** Asks one address at a time; `null` for a body asks without one. */
export function caller({ baseUrl, fetch, timer, timeoutMs = 30_000 }: HttpOptions): Call {
  const base = baseUrl.replace(/\/+$/, '');
  return async (path, body) => {
    const alarm = timer.after(timeoutMs);
    const late = alarm.rang.then(() => fail('BACKEND_UNREACHABLE', 'it took too long'));
    try {
      return await Promise.race([late, exchange(fetch, `${base}${path}`, body)]);
    } catch (error) {
      // However a platform's fetch fails: no answer came.
      return fail('BACKEND_UNREACHABLE', error instanceof Error ? error.message : '');
    } finally {
      alarm.cancel();
    }
  };
}

async function exchange(
  fetch: Fetch,
  url: string,
  body: Bytes | null,
): Promise<WalletResult<Bytes>> {
  const response = await fetch(
    url,
    body === null
      ? { method: 'GET', headers: {} }
      : { method: 'POST', headers: { 'Content-Type': CBOR }, body: Uint8Array.from(body) },
  );
  if (response.status !== 200) return refusal(response);
  const length = Math.trunc(Number(response.headers.get('Content-Length') ?? 0));
  const bytes = length > ANSWER_BYTES ? null : new Uint8Array(await response.arrayBuffer());
  if (bytes === null || bytes.length > ANSWER_BYTES) {
    return fail('BACKEND_UNREACHABLE', 'its answer is too long');
  }
  return { ok: true, value: bytes };
}

async function refusal(response: FetchResponse): Promise<WalletResult<Bytes>> {
  const { status } = response;
  const isProblem = (response.headers.get('Content-Type') ?? '').startsWith(PROBLEM);
  const isFinal = status >= 400 && status < 500 && !PASSING.has(status);
  if (!isProblem || !isFinal) return fail('BACKEND_UNREACHABLE', `it answered ${status}`);
  const { code, detail } = (await response.json()) as Record<string, unknown>;
  if (typeof code !== 'string') return fail('BACKEND_UNREACHABLE', `it answered ${status}`);
  return fail('BACKEND_REFUSED', typeof detail === 'string' ? detail : code, code);
}

function reading<T>(codec: Codec<T>): (bytes: Bytes) => T {
  return (bytes) => decodeBody(codec, bytes);
}

function exact(challenge: Bytes): Bytes {
  demand(challenge.length === 32, 'BAD_FIELD', 'a challenge has 32 bytes');
  return challenge;
}

function check<T>(answer: WalletResult<Bytes>, read: (bytes: Bytes) => T): WalletResult<T> {
  if (!answer.ok) return answer;
  const { value } = answer;
  const result = attempt(() => read(value));
  return result.ok ? result : fail('BACKEND_UNREACHABLE', 'its answer does not read');
}
