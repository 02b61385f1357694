import { LIMITS } from '@tallystick/protocol';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { oversized, problem } from './problem.ts';

export const CBOR = 'application/cbor';

/** Longest body of an operator's JSON request. */
export const JSON_BYTES_MAX = 16_384;
/** Longest body of an enrolment, load or renewal: two messages within one frame's bound. */
export const MESSAGE_BYTES_MAX: number = LIMITS.frameBytes;
export const UPLOAD_BYTES_MAX: number = LIMITS.uploadBytes;

/** Refuses a body by its length before it is read, or as soon as it has grown too long. */
export function limitBody(maxBytes: number): MiddlewareHandler {
  return bodyLimit({ maxSize: maxBytes, onError: (context) => oversized(context, maxBytes) });
}

/** Refuses bodies of another media type than the route's. */
export function demandType(type: string): MiddlewareHandler {
  return async (context, next) => {
    const given = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (given !== type) return problem(context, 'UNSUPPORTED_MEDIA_TYPE', `send ${type}`);
    await next();
    return undefined;
  };
}
