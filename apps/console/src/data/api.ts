/** Why the backend did not do what it was asked. */
export interface Failed {
  /** Stable; `UNREACHABLE` where there was no answer at all. */
  readonly code: string;
  readonly message: string;
}

export type Answered<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Failed };

/** The backend, on the console's own origin: the browser adds who is signed in. */
export interface Api {
  get<T>(path: string): Promise<Answered<T>>;
  post<T>(path: string, body: unknown, bearer?: string): Promise<Answered<T>>;
  delete(path: string): Promise<Answered<null>>;
}

/** @param onSignedOut told when the backend says that nobody is signed in (any more) */
export function createApi(request: typeof fetch, onSignedOut: () => void): Api {
  async function ask<T>(path: string, init: RequestInit): Promise<Answered<T>> {
    const answer = await request(path, { ...init, credentials: 'same-origin' }).catch(() => null);
    if (answer === null) return { ok: false, error: { code: 'UNREACHABLE', message: '' } };
    const said = await readJson(answer);
    if (answer.ok) return { ok: true, value: said as T };
    const isToken = new Headers(init.headers).has('authorization');
    if (answer.status === 401 && !isToken) onSignedOut();
    return { ok: false, error: failureOf(said, answer.status) };
  }
  return {
    get: (path) => ask(path, {}),
    post: (path, body, bearer) =>
      ask(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        },
      }),
    delete: (path) => ask(path, { method: 'DELETE' }),
  };
}

async function readJson(answer: Response): Promise<unknown> {
  if (answer.status === 204) return null;
  return answer.json().catch(() => null);
}

function failureOf(said: unknown, status: number): Failed {
  if (typeof said === 'object' && said !== null && 'code' in said && 'detail' in said) {
    return { code: String(said.code), message: String(said.detail) };
  }
  return { code: `HTTP_${status}`, message: '' };
}
