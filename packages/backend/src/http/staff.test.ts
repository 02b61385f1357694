import { beforeEach, describe, expect, test } from 'vitest';
import { createWorld, START, type World } from '../service/testing/world.ts';
import { STAFF_LIMITS } from '../staff/limits.ts';
import { Authenticator } from '../staff/testing/authenticator.ts';
import { type Client, clientOf, codeOf, TOKEN } from './testing/client.ts';

const CONSOLE = 'https://console.bank.example';
const ELSEWHERE = 'https://evil.example';
const SAME = { origin: CONSOLE, 'sec-fetch-site': 'same-origin' };

let world: World;
let client: Client;

beforeEach(async () => {
  world = await createWorld();
  world.staff.admit({ origin: CONSOLE, embedders: [] });
  client = clientOf(world);
});

/** A request of a browser at the console: with its cookie, and where it comes from. */
function ask(
  method: string,
  path: string,
  body: unknown = {},
  headers: Readonly<Record<string, string>> = SAME,
): Promise<Response> {
  const isReading = method === 'GET' || method === 'DELETE';
  return client.request(path, {
    method,
    headers: { ...headers, ...(isReading ? {} : { 'content-type': 'application/json' }) },
    ...(isReading ? {} : { body: JSON.stringify(body) }),
  });
}

interface Wish {
  readonly challenge: string;
  readonly relyingParty: string;
}

const BEARER = { ...SAME, authorization: `Bearer ${TOKEN}` };

/** The cookie that a response sets, as a browser sends it back. */
function cookieOf(response: Response): Record<string, string> {
  const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
  return { ...SAME, cookie };
}

async function read<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}

/** Registers a passkey, and returns the response that signs its member in. */
async function register(
  key: Authenticator,
  grant: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const wish = await read<Wish>(await ask('POST', '/v1/registrations/options', grant, headers));
  const made = { ...grant, ...key.create(wish), label: 'a key' };
  return ask('POST', '/v1/registrations', made, headers);
}

async function firstMember(key = new Authenticator(CONSOLE, 'vera')): Promise<Response> {
  return register(key, { name: 'Vera' }, BEARER);
}

async function signIn(key: Authenticator): Promise<Response> {
  const wish = await read<Wish>(await ask('POST', '/v1/session/options'));
  return ask('POST', '/v1/session', key.get(wish));
}

describe('the first member of staff', () => {
  test('registers a passkey by the operator token, and is signed in', async () => {
    expect(await read(await ask('GET', '/v1/session'))).toMatchObject({ isFirst: true });
    const registered = await firstMember();
    expect(registered.status).toBe(201);
    expect(registered.headers.get('set-cookie')).toMatch(
      /^__Host-tallystick-staff=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const session = await ask('GET', '/v1/session', {}, cookieOf(registered));
    expect(await read(session)).toMatchObject({ member: { name: 'Vera' }, isFirst: false });
  });

  test.each([
    ['another token', { authorization: 'Bearer another-token-of-a-test' }],
    ['no token', {}],
  ])('is nobody with %s', async (_, headers) => {
    const asked = await ask(
      'POST',
      '/v1/registrations/options',
      { name: 'Eve' },
      { ...SAME, ...headers },
    );
    expect(await codeOf(asked)).toBe('UNAUTHORISED');
    expect(await world.staff.isEmpty()).toBe(true);
  });

  test('is nobody with a token and no name', async () => {
    expect(await codeOf(await ask('POST', '/v1/registrations/options', {}, BEARER))).toBe(
      'UNAUTHORISED',
    );
  });
});

describe('signing in', () => {
  test('opens a session that operators’ routes take, until its end', async () => {
    const key = new Authenticator(CONSOLE, 'vera');
    await firstMember(key);
    const signedIn = await signIn(key);
    expect(signedIn.status).toBe(201);
    const cookie = cookieOf(signedIn);
    expect((await ask('GET', '/v1/supply', {}, cookie)).status).toBe(200);
    expect((await ask('DELETE', '/v1/session', {}, cookie)).status).toBe(204);
    expect(await codeOf(await ask('GET', '/v1/supply', {}, cookie))).toBe('UNAUTHORISED');
  });

  test('takes a challenge once', async () => {
    const key = new Authenticator(CONSOLE, 'vera');
    await firstMember(key);
    const wish = await read<Wish>(await ask('POST', '/v1/session/options'));
    expect((await ask('POST', '/v1/session', key.get(wish))).status).toBe(201);
    const again = await ask('POST', '/v1/session', key.get(wish));
    expect(await codeOf(again)).toBe('SIGN_IN_REFUSED');
  });

  test('takes no challenge that is too old, of another purpose, or made up', async () => {
    const key = new Authenticator(CONSOLE, 'vera');
    await firstMember(key);
    const old = await read<Wish>(await ask('POST', '/v1/session/options'));
    world.clock.now += 601;
    const other = await read<Wish>(
      await ask('POST', '/v1/registrations/options', { name: 'Eve' }, BEARER),
    );
    const made = { ...other, challenge: Buffer.alloc(32).toString('base64url') };
    for (const wish of [old, other, made]) {
      expect(await codeOf(await ask('POST', '/v1/session', key.get(wish)))).toBe('SIGN_IN_REFUSED');
    }
  });

  test.each([
    ['of another page', { origin: ELSEWHERE }],
    ['for another relying party', { relyingParty: 'evil.example' }],
    ['without its holder verified', { isVerified: false }],
  ])('takes nothing %s', async (_, lies) => {
    const key = new Authenticator(CONSOLE, 'vera');
    await firstMember(key);
    const wish = await read<Wish>(await ask('POST', '/v1/session/options'));
    const refused = await ask('POST', '/v1/session', key.get(wish, lies));
    expect(await codeOf(refused)).toBe('SIGN_IN_REFUSED');
    expect(refused.headers.get('set-cookie')).toBeNull();
    expect((await signIn(key)).status).toBe(201);
  });

  test('takes no passkey that nobody has, no other key of that name, and no counter that went back', async () => {
    const key = new Authenticator(CONSOLE, 'vera');
    await firstMember(key);
    await signIn(key);
    const stranger = new Authenticator(CONSOLE, 'eve');
    const forged = new Authenticator(CONSOLE, 'vera');
    forged.counter = 100;
    expect(await codeOf(await signIn(stranger))).toBe('SIGN_IN_REFUSED');
    expect(await codeOf(await signIn(forged))).toBe('SIGN_IN_REFUSED');
    key.counter = 0;
    expect(await codeOf(await signIn(key))).toBe('SIGN_IN_REFUSED');
  });

  test('is offered to no other page', async () => {
    for (const headers of [{}, { origin: ELSEWHERE }, { ...SAME, 'sec-fetch-site': 'same-site' }]) {
      const asked = await ask('POST', '/v1/session/options', {}, headers);
      expect(await codeOf(asked)).toBe('FOREIGN_ORIGIN');
    }
  });
});

describe('a session', () => {
  test('changes nothing for another page', async () => {
    const cookie = cookieOf(await firstMember());
    for (const headers of [
      { ...cookie, origin: ELSEWHERE },
      { ...cookie, 'sec-fetch-site': 'cross-site' },
      { cookie: cookie.cookie ?? '' },
    ]) {
      const asked = await ask('POST', '/v1/emergency', { on: true }, headers);
      expect(await codeOf(asked)).toBe('FOREIGN_ORIGIN');
    }
    const framed = { ...cookie, 'sec-fetch-site': 'cross-site' };
    expect(await codeOf(await ask('GET', '/v1/supply', {}, framed))).toBe('FOREIGN_ORIGIN');
    expect(world.backend.authority.policy.value.emergency).toBe(false);
    expect((await ask('POST', '/v1/emergency', { on: true }, cookie)).status).toBe(200);
  });

  test('does not help who shows a wrong token', async () => {
    const cookie = cookieOf(await firstMember());
    const asked = await ask('GET', '/v1/supply', {}, { ...cookie, authorization: 'Bearer wrong' });
    expect(await codeOf(asked)).toBe('UNAUTHORISED');
  });

  test('ends when nobody has used it for a while, and in any case after a working day', async () => {
    const cookie = cookieOf(await firstMember());
    const status = async (): Promise<number> => (await ask('GET', '/v1/supply', {}, cookie)).status;
    world.clock.now = START + STAFF_LIMITS.idleSeconds;
    expect(await status()).toBe(200);
    world.clock.now += STAFF_LIMITS.idleSeconds + 1;
    expect(await status()).toBe(401);

    const busy = new Authenticator(CONSOLE, 'ben');
    const other = cookieOf(await register(busy, { name: 'Ben' }, BEARER));
    const until = world.clock.now + STAFF_LIMITS.sessionSeconds;
    while (world.clock.now + 1_200 <= until) {
      world.clock.now += 1_200;
      expect((await ask('GET', '/v1/supply', {}, other)).status).toBe(200);
    }
    world.clock.now = until + 1;
    expect((await ask('GET', '/v1/supply', {}, other)).status).toBe(401);
  });

  test('is kept as a digest alone', async () => {
    const { cookie = '' } = cookieOf(await firstMember());
    const [, token = ''] = cookie.split('=');
    const kept = await world.store.exclusive('test', (documents) =>
      documents.list('staff/session/', '', 10),
    );
    expect(kept).toHaveLength(1);
    for (const { key, value } of kept) {
      expect(key).not.toContain(token);
      expect(Buffer.from(value).toString('latin1')).not.toContain(token);
    }
  });
});

describe('colleagues', () => {
  test('come by an invitation, once, within a day', async () => {
    const vera = cookieOf(await firstMember());
    const invited = await ask('POST', '/v1/staff/invitations', { name: 'Ben' }, vera);
    const { code } = await read<{ code: string }>(invited);
    const ben = new Authenticator(CONSOLE, 'ben');
    const registered = await register(ben, { invitation: code }, SAME);
    expect(await read(registered)).toMatchObject({ member: { name: 'Ben' } });
    const again = await ask('POST', '/v1/registrations/options', { invitation: code });
    expect(await codeOf(again)).toBe('INVITATION_REFUSED');

    const late = await ask('POST', '/v1/staff/invitations', { name: 'Late' }, vera);
    const { code: stale } = await read<{ code: string }>(late);
    world.clock.now += STAFF_LIMITS.invitationSeconds + 1;
    const refused = await ask('POST', '/v1/registrations/options', { invitation: stale });
    expect(await codeOf(refused)).toBe('INVITATION_REFUSED');
  });

  test('lose their sessions with their place, and cannot sign in again', async () => {
    const vera = cookieOf(await firstMember());
    const key = new Authenticator(CONSOLE, 'ben');
    const registered = await register(key, { name: 'Ben' }, BEARER);
    const ben = cookieOf(registered);
    const { member } = await read<{ member: { id: string } }>(registered);
    expect((await ask('GET', '/v1/supply', {}, ben)).status).toBe(200);
    expect((await ask('DELETE', `/v1/staff/${member.id}`, {}, vera)).status).toBe(204);
    expect(await codeOf(await ask('GET', '/v1/supply', {}, ben))).toBe('UNAUTHORISED');
    expect(await codeOf(await signIn(key))).toBe('SIGN_IN_REFUSED');
    const again = await ask('DELETE', `/v1/staff/${member.id}`, {}, vera);
    expect(await codeOf(again)).toBe('UNKNOWN_MEMBER');
  });

  test('are not all removed, and keep a passkey each', async () => {
    const registered = await firstMember();
    const vera = cookieOf(registered);
    const { member } = await read<{ member: { id: string } }>(registered);
    const last = await ask('DELETE', `/v1/staff/${member.id}`, {}, vera);
    expect(await codeOf(last)).toBe('LAST_PASSKEY');
    const [only] = (await world.staff.list())[0]?.passkeys ?? [];
    const path = `/v1/staff/passkeys/${only?.name}`;
    expect(await codeOf(await ask('DELETE', path, {}, vera))).toBe('LAST_PASSKEY');
    const second = new Authenticator(CONSOLE, 'another');
    expect((await register(second, {}, vera)).status).toBe(201);
    expect((await ask('DELETE', path, {}, vera)).status).toBe(204);
    // The session was opened with that passkey, and ends with it.
    expect(await codeOf(await ask('GET', '/v1/staff', {}, vera))).toBe('UNAUTHORISED');
    expect((await signIn(second)).status).toBe(201);
  });

  test('are on record with what they changed', async () => {
    const vera = cookieOf(await firstMember());
    await ask('POST', '/v1/emergency', { on: true }, vera);
    await ask('GET', '/v1/supply', {}, vera);
    await client.post('/v1/emergency', { on: false });
    const { items } = await read<{ items: unknown[] }>(
      await ask('GET', '/v1/staff/deeds', {}, vera),
    );
    expect(items).toEqual([
      {
        at: '2027-01-01T00:00:00Z',
        name: 'Vera',
        request: 'POST /v1/emergency',
        body: '{"on":true}',
      },
    ]);
  });
});

describe('a registration', () => {
  test('is taken once, for whom its challenge was made', async () => {
    const key = new Authenticator(CONSOLE, 'vera');
    const grant = { name: 'Vera' };
    const wish = await read<Wish>(await ask('POST', '/v1/registrations/options', grant, BEARER));
    const made = { ...key.create(wish), label: 'a key' };
    const forEve = await ask('POST', '/v1/registrations', { ...made, name: 'Eve' }, BEARER);
    expect(await codeOf(forEve)).toBe('SIGN_IN_REFUSED');
    expect((await ask('POST', '/v1/registrations', { ...made, ...grant }, BEARER)).status).toBe(
      201,
    );
    const again = await ask('POST', '/v1/registrations', { ...made, ...grant }, BEARER);
    expect(await codeOf(again)).toBe('PASSKEY_EXISTS');
    const other = new Authenticator(CONSOLE, 'other');
    const replayed = { ...other.create(wish), label: 'a key', ...grant };
    expect(await codeOf(await ask('POST', '/v1/registrations', replayed, BEARER))).toBe(
      'SIGN_IN_REFUSED',
    );
  });

  test('is refused with a maker’s certificates in it, which would name lists to fetch', async () => {
    const key = new Authenticator(CONSOLE, 'vera');
    const grant = { name: 'Vera' };
    const wish = await read<Wish>(await ask('POST', '/v1/registrations/options', grant, BEARER));
    const vouched = new Map<string, never[] | number | Uint8Array>([
      ['alg', -7],
      ['sig', new Uint8Array(70)],
      ['x5c', []],
    ]);
    const made = { ...key.create(wish, {}, vouched), label: 'a key', ...grant };
    const refused = await ask('POST', '/v1/registrations', made, BEARER);
    expect(await read(refused)).toMatchObject({
      code: 'SIGN_IN_REFUSED',
      detail: expect.stringContaining('without an attestation') as string,
    });
    expect(await world.staff.isEmpty()).toBe(true);
  });

  test.each([
    ['no CBOR', { attestation: 'AAAA' }],
    ['no client data', { clientData: 'AAAA' }],
    ['client data without a challenge', { clientData: Buffer.from('{}').toString('base64url') }],
  ])('is refused with %s in it', async (_, broken) => {
    const key = new Authenticator(CONSOLE, 'vera');
    const grant = { name: 'Vera' };
    const wish = await read<Wish>(await ask('POST', '/v1/registrations/options', grant, BEARER));
    const made = { ...key.create(wish), label: 'a key', ...grant, ...broken };
    expect(await codeOf(await ask('POST', '/v1/registrations', made, BEARER))).toBe(
      'SIGN_IN_REFUSED',
    );
  });

  test.each([
    ['a name of spaces', { name: '   ' }],
    ['a name with a control character', { name: 'a\u0007b' }],
    ['a name that does not fit a line', { name: 'ä'.repeat(33) }],
    ['an unknown field', { name: 'Vera', admin: true }],
  ])('is not begun with %s', async (_, body) => {
    expect(await codeOf(await ask('POST', '/v1/registrations/options', body, BEARER))).toBe(
      'BAD_REQUEST',
    );
  });
});
