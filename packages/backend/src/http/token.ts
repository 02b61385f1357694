import { equalSecret, sha256 } from '@tallystick/protocol';
import type { MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

/** Shortest operator token that is taken. */
export const TOKEN_CHARS_MIN = 16;

/** Lets only requests with the operator's bearer token pass (RFC 6750). */
export function demandToken(token: string): MiddlewareHandler {
  const expected = digest(token);
  return async (context, next) => {
    const [scheme, given = ''] = (context.req.header('authorization') ?? '').split(' ');
    // Digests are of one length, so that the comparison tells nothing about the token's.
    if (scheme?.toLowerCase() !== 'bearer' || !equalSecret(digest(given), expected)) {
      context.header('WWW-Authenticate', 'Bearer realm="operator"');
      return problem(context, 'UNAUTHORISED');
    }
    await next();
    return undefined;
  };
}

function digest(text: string): Uint8Array {
  return sha256(new TextEncoder().encode(text));
}
