import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { demandType, JSON_BYTES_MAX, limitBody } from './body.ts';
import { idempotent } from './idempotency.ts';
import { json, JSON_TYPE, keyHeader, type OperatorOptions, OPERATORS } from './operator.ts';
import { PROBLEMS, refusal } from './problem.ts';
import {
  decisionSchema,
  policySchema,
  previewSchema,
  readRules,
  rulesSchema,
  viewPolicy,
  viewPreview,
  viewRules,
} from './views/policy.ts';

const tierName = z.object({ tier: z.number().int(), name: z.string() });
const standingSchema = z
  .object({
    inForce: policySchema,
    rules: rulesSchema.openapi({ description: 'Of normal times, as they were decided last.' }),
    filed: rulesSchema.openapi({
      description: 'As the scheme file has them: no window may be longer.',
    }),
    tiers: z.array(tierName),
  })
  .openapi('PolicyStanding');

/** The risk policy: what is in force, and how the next one is decided on (TS-POL-1 to 3). */
export function addPolicy(app: OpenAPIHono, options: OperatorOptions): void {
  addStanding(app, options);
  addPreview(app, options);
  addDecision(app, options);
}

function addStanding(app: OpenAPIHono, { backend }: OperatorOptions): void {
  const route = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/policies/current',
    summary: 'The policy in force, and the rules it is made of',
    responses: { 200: json(standingSchema, 'The policy.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const { scheme } = backend.authority;
    const { value } = await backend.authority.refreshPolicy();
    return context.json(
      {
        inForce: viewPolicy(value),
        rules: viewRules(await backend.policyRules()),
        filed: viewRules(scheme),
        tiers: scheme.tiers.map(({ tier, name }) => ({ tier, name })),
      },
      200,
    );
  });
}

function addPreview(app: OpenAPIHono, { backend }: OperatorOptions): void {
  const route = createRoute({
    ...OPERATORS,
    method: 'post',
    path: '/v1/policy-previews',
    summary: 'What a decision on the rules would change for devices; it signs nothing',
    middleware: [demandType(JSON_TYPE), limitBody(JSON_BYTES_MAX)],
    request: { body: { required: true, content: { [JSON_TYPE]: { schema: rulesSchema } } } },
    responses: { 200: json(previewSchema, 'Field by field.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const previewed = await backend.previewPolicy(readRules(context.req.valid('json')));
    return previewed.ok
      ? context.json(viewPreview(previewed.value), 200)
      : refusal(context, previewed.error);
  });
}

function addDecision(app: OpenAPIHono, { backend, store, clock }: OperatorOptions): void {
  const route = createRoute({
    ...OPERATORS,
    method: 'post',
    path: '/v1/policies',
    summary: 'Decides on the rules: the root signs the next policy',
    middleware: [demandType(JSON_TYPE), limitBody(JSON_BYTES_MAX), idempotent(store, clock)],
    request: {
      headers: keyHeader,
      body: { required: true, content: { [JSON_TYPE]: { schema: decisionSchema } } },
    },
    responses: { 201: json(policySchema, 'It is in force.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const { basis, ...rules } = context.req.valid('json');
    const changed = await backend.changePolicy(readRules(rules), basis);
    return changed.ok
      ? context.json(viewPolicy(changed.value), 201)
      : refusal(context, changed.error);
  });
}
