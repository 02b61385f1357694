import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { demandType, JSON_BYTES_MAX, limitBody } from './body.ts';
import { idempotent } from './idempotency.ts';
import { addList } from './lists.ts';
import { byId, json, JSON_TYPE, keyHeader, type OperatorOptions, OPERATORS } from './operator.ts';
import { PROBLEMS, refusal } from './problem.ts';
import { hex } from './views/fields.ts';
import { lostSchema, viewLost } from './views/lost.ts';

const lossSchema = z.object({ purse: hex }).openapi('Loss');
const refundsSchema = z.object({ refunds: z.number().int() }).openapi('Refunds');

/** Lost devices: reports with their horizons, and refunds (TS-LOS-1 to 4). */
export function addLostDevices(app: OpenAPIHono, options: OperatorOptions): void {
  addReports(app, options);
  addReporting(app, options);
  addRefunds(app, options);
}

function addReports(app: OpenAPIHono, { backend, store }: OperatorOptions): void {
  addList(app, {
    path: '/v1/lost-reports',
    summary: 'Purses that were reported lost, with their horizons and refunds',
    schema: lostSchema,
    read: (after, limit) => store.reports.lostPurses(after, limit),
    view: async ({ id }) => {
      const found = await backend.lostPurse(id);
      if (!found.ok) throw new Error(`the purse ${id} is listed as lost but has no report`);
      return viewLost(found.value);
    },
  });
  const route = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/lost-reports/{id}',
    summary: 'The report of one purse',
    request: byId,
    responses: { 200: json(lostSchema, 'The report.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const found = await backend.lostPurse(context.req.valid('param').id);
    return found.ok ? context.json(viewLost(found.value), 200) : refusal(context, found.error);
  });
}

function addReporting(app: OpenAPIHono, { backend, store, clock }: OperatorOptions): void {
  const route = createRoute({
    ...OPERATORS,
    method: 'post',
    path: '/v1/lost-reports',
    summary: 'Reports a device lost: revokes its purse, and refunds what is left after the horizon',
    middleware: [demandType(JSON_TYPE), limitBody(JSON_BYTES_MAX), idempotent(store, clock)],
    request: {
      headers: keyHeader,
      body: { required: true, content: { [JSON_TYPE]: { schema: lossSchema } } },
    },
    responses: { 201: json(lostSchema, 'It is reported; again, the first report.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const reported = await backend.reportLost(context.req.valid('json').purse);
    return reported.ok
      ? context.json(viewLost(reported.value), 201)
      : refusal(context, reported.error);
  });
}

function addRefunds(app: OpenAPIHono, { backend }: OperatorOptions): void {
  const route = createRoute({
    ...OPERATORS,
    method: 'post',
    path: '/v1/refunds',
    summary: 'Makes the refunds that are due now, without waiting for the next look at the clock',
    responses: { 200: json(refundsSchema, 'How many purses were refunded.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => context.json({ refunds: await backend.refundLost() }, 200));
}
