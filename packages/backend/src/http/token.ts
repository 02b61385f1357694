import { equalSecret, sha256 } from '@tallystick/protocol';
import type { Context } from 'hono';

/** Shortest operator token that is taken. */
export const TOKEN_CHARS_MIN = 16;

/** What a request says with the operator's bearer token (RFC 6750): nothing of it, the token, or another. */
export type Bearing = 'none' | 'right' | 'wrong';

/** Tells the operator's bearer token from any other. */
export function bearingOf(token: string): (context: Context) => Bearing {
  const expected = digest(token);
  return (context) => {
    const header = context.req.header('authorization');
    if (header === undefined) return 'none';
    const [scheme, given = ''] = header.split(' ');
    // Digests are of one length, so that the comparison tells nothing about the token's.
    const isRight = equalSecret(digest(given), expected);
    return scheme?.toLowerCase() === 'bearer' && isRight ? 'right' : 'wrong';
  };
}

function digest(text: string): Uint8Array {
  return sha256(new TextEncoder().encode(text));
}
