import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Place } from '../staff/place.ts';
import { STAFF_LIMITS } from '../staff/limits.ts';

/** With the prefix a browser takes it from this very host alone, over TLS alone. */
const SECURE_NAME = '__Host-tallystick-staff';
/** On one machine, for a sandbox. */
const PLAIN_NAME = 'tallystick-staff';

/** The token of a session; null where a browser holds none. */
export function tokenOf(context: Context): string | null {
  return getCookie(context, SECURE_NAME) ?? getCookie(context, PLAIN_NAME) ?? null;
}

/** Has the browser hold the token of a session, where no script can read it. */
export function giveToken(context: Context, { origin }: Place, token: string): void {
  const secure = origin.startsWith('https:');
  setCookie(context, secure ? SECURE_NAME : PLAIN_NAME, token, {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure,
    maxAge: STAFF_LIMITS.sessionSeconds,
  });
}

export function takeToken(context: Context): void {
  deleteCookie(context, SECURE_NAME, { path: '/', secure: true });
  deleteCookie(context, PLAIN_NAME, { path: '/' });
}
