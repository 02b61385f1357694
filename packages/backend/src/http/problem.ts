import { z } from '@hono/zod-openapi';
import type { Context, TypedResponse } from 'hono';
import type { BackendCode, Refused } from '../outcome.ts';

/** Refusals of HTTP itself; all other codes come from the service. */
const HTTP_CODES = {
  BAD_REQUEST: [400, 'the request does not have the documented form'],
  UNAUTHORISED: [
    401,
    'this needs the operator token as a bearer token, or a member of staff signed in',
  ],
  FOREIGN_ORIGIN: [
    403,
    'this is asked from a page that is no console of this backend; open the console',
  ],
  NOT_FOUND: [404, 'there is nothing at this address'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'the body has another media type than documented'],
  IDEMPOTENCY_KEY_REUSED: [422, 'the idempotency key belongs to another request'],
  IDEMPOTENCY_IN_PROGRESS: [409, 'a request with this idempotency key is under way'],
  INTERNAL: [500, 'something went wrong here; the request may be repeated'],
  UNAVAILABLE: [503, 'the backend cannot answer now; try again later'],
} as const;

export type HttpCode = keyof typeof HTTP_CODES;

/** HTTP statuses of the service's codes; every other refusal is 422: understood, and not done. */
const STATUS: Readonly<Partial<Record<BackendCode, Status>>> = {
  OVERSIZED: 413,
  MALFORMED: 400,
  TRAILING_BYTES: 400,
  NON_CANONICAL: 400,
  WRONG_KIND: 400,
  MISSING_FIELD: 400,
  BAD_FIELD: 400,
  BAD_SIGNATURE: 403,
  UNKNOWN_CERTIFICATE: 403,
  UNKNOWN_ISSUER: 403,
  WRONG_ROLE: 403,
  REVOKED: 403,
  CHALLENGE_REFUSED: 403,
  ATTESTATION_REFUSED: 403,
  MEASUREMENT_REFUSED: 403,
  UNKNOWN_PARTICIPANT: 404,
  UNKNOWN_ACCOUNT: 404,
  UNKNOWN_PURSE: 404,
  UNKNOWN_IMAGE: 404,
  UNKNOWN_MEMBER: 404,
  UNKNOWN_PASSKEY: 404,
  SIGN_IN_REFUSED: 403,
  INVITATION_REFUSED: 403,
  PASSKEY_EXISTS: 409,
  POLICY_MOVED: 409,
  LAST_PASSKEY: 409,
  BUSY: 503,
  ACCOUNT_EXISTS: 409,
  STALE: 409,
  IMAGE_DOWNGRADE: 409,
};

/** A refusal as RFC 9457 writes it; `code` is stable, `detail` is for people. */
interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

const problemSchema: z.ZodType<Problem> = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
  })
  .openapi('Problem');

const MEDIA_TYPE = 'application/problem+json';

/** What a route documents besides its success. */
export const PROBLEMS: {
  readonly default: {
    readonly description: string;
    readonly content: {
      readonly 'application/problem+json': { readonly schema: z.ZodType<Problem> };
    };
  };
} = {
  default: {
    description: 'A refusal with a stable code (RFC 9457).',
    content: { [MEDIA_TYPE]: { schema: problemSchema } },
  },
};

type Status = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 500 | 503;
export type ProblemResponse = Response & TypedResponse<Problem, Status, 'json'>;

/** The response to a refusal of the service. */
export function refusal(context: Context, { code, message }: Refused): ProblemResponse {
  return write(context, STATUS[code] ?? 422, code, message);
}

/** The response to a refusal of HTTP itself. */
export function problem(context: Context, code: HttpCode, detail = ''): ProblemResponse {
  const [status, says] = HTTP_CODES[code];
  return write(context, status, code, detail === '' ? says : `${says}: ${detail}`);
}

/** The response to a body that is longer than its route takes. */
export function oversized(context: Context, maxBytes: number): ProblemResponse {
  return write(context, 413, 'OVERSIZED', `the body is longer than ${maxBytes} bytes`);
}

function write(context: Context, status: Status, code: string, detail: string): ProblemResponse {
  const title = code.toLowerCase().replaceAll('_', ' ');
  const body = { type: `urn:tallystick:problem:${code}`, title, status, detail, code };
  return context.json(body, status, { 'Content-Type': MEDIA_TYPE });
}
