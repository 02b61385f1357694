import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { LIMITS } from '@tallystick/protocol';
import type { Context } from 'hono';
import type { Backend } from '../service/backend.ts';
import { problem, PROBLEMS } from './problem.ts';

const LIST = 'application/statuslist+cwt';
const DELTA = 'application/cose';

const body = z.any().openapi({ type: 'string', format: 'binary' });

const query: z.ZodObject<{
  since: z.ZodOptional<z.ZodCoercedNumber>;
  bytes: z.ZodOptional<z.ZodCoercedNumber>;
}> = z.object({
  since: z.coerce.number().int().min(0).max(0xffff_ffff).optional().openapi({
    description:
      'Version of the list at hand: a delta to the newest is sent where it is complete and shorter.',
  }),
  bytes: z.coerce.number().int().min(1).max(LIMITS.messageBytes).optional().openapi({
    description:
      'Room for the newest revocations after `since`, as a delta that need not be complete (TS-LST-9).',
  }),
});

/** The list of revoked certificates, whole or as a delta; the media type says which. */
export function addStatusList(app: OpenAPIHono, backend: Backend): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/status-list',
    tags: ['devices'],
    summary: 'The newest list of revoked certificates (TS-LST-1), or what is new in it (TS-LST-6)',
    request: { query },
    responses: {
      200: {
        description: 'The list, or a delta to it.',
        content: { [LIST]: { schema: body }, [DELTA]: { schema: body } },
      },
      ...PROBLEMS,
    },
  });
  app.openapi(route, async (context) => {
    const { since, bytes } = context.req.valid('query');
    if (bytes !== undefined) {
      const delta = await backend.newestRevocations(since ?? 0, bytes);
      if (delta !== null) return send(context, delta, DELTA);
      return problem(context, 'NOT_FOUND', 'nothing is newer, or nothing fits so few bytes');
    }
    if (since === undefined) return send(context, await backend.list(), LIST);
    const { isDelta, wire } = await backend.listSince(since);
    return send(context, wire, isDelta ? DELTA : LIST);
  });
}

function send(context: Context, bytes: Uint8Array, type: string): Response {
  return context.body(Uint8Array.from(bytes), 200, { 'Content-Type': type });
}
