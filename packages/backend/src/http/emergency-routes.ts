import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Policy } from '@tallystick/protocol';
import { demandType, JSON_BYTES_MAX, limitBody } from './body.ts';
import { idempotent } from './idempotency.ts';
import { toInstant } from './money.ts';
import { json, JSON_TYPE, keyHeader, type OperatorOptions, OPERATORS } from './operator.ts';
import { PROBLEMS } from './problem.ts';

interface EmergencyView {
  readonly on: boolean;
  readonly policyVersion: number;
  readonly issuedAt: string;
}

const wishSchema = z.object({ on: z.boolean() }).openapi('EmergencyWish');
const emergencySchema: z.ZodType<EmergencyView> = z
  .object({
    on: z.boolean(),
    policyVersion: z.number().int().openapi({ description: 'The policy in force.' }),
    issuedAt: z.iso.datetime(),
  })
  .openapi('Emergency');

function viewEmergency({ emergency, version, issuedAt }: Policy): EmergencyView {
  return { on: emergency, policyVersion: version, issuedAt: toInstant(issuedAt) };
}

/** The emergency mode, which a signed policy switches (TS-POL-6). */
export function addEmergency(app: OpenAPIHono, options: OperatorOptions): void {
  const { backend, store, clock } = options;
  const reading = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/emergency',
    summary: 'Whether the policy in force is that of an emergency',
    responses: { 200: json(emergencySchema, 'The mode.'), ...PROBLEMS },
  });
  app.openapi(reading, async (context) => {
    const { value } = await backend.authority.refreshPolicy();
    return context.json(viewEmergency(value), 200);
  });
  const switching = createRoute({
    ...OPERATORS,
    method: 'post',
    path: '/v1/emergency',
    summary: 'Declares an emergency or its end: the root signs the next policy',
    middleware: [demandType(JSON_TYPE), limitBody(JSON_BYTES_MAX), idempotent(store, clock)],
    request: {
      headers: keyHeader,
      body: { required: true, content: { [JSON_TYPE]: { schema: wishSchema } } },
    },
    responses: { 200: json(emergencySchema, 'The mode from now on.'), ...PROBLEMS },
  });
  app.openapi(switching, async (context) => {
    const policy = await backend.setEmergency(context.req.valid('json').on);
    return context.json(viewEmergency(policy), 200);
  });
}
