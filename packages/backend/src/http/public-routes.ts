import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { currencyRow } from '@tallystick/protocol';
import type { Backend } from '../service/backend.ts';
import type { Gauge, Metrics } from './metrics.ts';
import { METRICS_TYPE } from './metrics.ts';
import { toInstant } from './money.ts';
import { problem, PROBLEMS } from './problem.ts';
import { supplySchema, viewSupply } from './views/supply.ts';

export interface PublicOptions {
  readonly backend: Backend;
  readonly clock: () => number;
  readonly nowMs: () => number;
  readonly ready: () => Promise<boolean>;
}

/** What anybody may read: the supply equation, which names no purse, and the state of the service. */
export function addPublicRoutes(app: OpenAPIHono, options: PublicOptions, metrics: Metrics): void {
  const supply = shareFor(SUPPLY_MS, options.nowMs, () => readSupply(options));
  addSupply(app, supply);
  addHealth(app, options);
  app.get('/metrics', async () => {
    const text = metrics.write([supplyGauge(await supply())]);
    return new Response(text, { headers: { 'Content-Type': METRICS_TYPE } });
  });
}

const SUPPLY_MS = 1_000;

const publicSupplySchema = z
  .object({
    asOf: z.iso.datetime(),
    scheme: z.object({
      id: z.string(),
      name: z.string(),
      sandbox: z.boolean(),
      currency: z.string().length(3),
      exponent: z.number().int().openapi({ description: 'Digits after the decimal sign.' }),
    }),
    participants: z.array(z.object({ code: z.string(), name: z.string() })),
    items: z.array(supplySchema),
  })
  .openapi('PublicSupply');

type PublicSupply = z.infer<typeof publicSupplySchema>;

function addSupply(app: OpenAPIHono, supply: () => Promise<PublicSupply>): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/public/supply',
    tags: ['public'],
    summary: 'The supply equation, at most a second old',
    responses: {
      200: {
        description: 'For the scheme (participant null) and for each participant.',
        content: { 'application/json': { schema: publicSupplySchema } },
      },
      ...PROBLEMS,
    },
  });
  app.openapi(route, async (context) => context.json(await supply(), 200));
}

async function readSupply({ backend, clock }: PublicOptions): Promise<PublicSupply> {
  const { scheme } = backend.authority;
  const { alpha, exponent } = currencyRow(scheme.currency);
  const { id, name, sandbox, participants } = scheme;
  return {
    asOf: toInstant(clock()),
    scheme: { id, name, sandbox, currency: alpha, exponent },
    participants: participants.map(({ code, name }) => ({ code, name })),
    items: (await backend.supply()).map(viewSupply),
  };
}

/** One reading for all who ask within this time: a poll of many costs what one costs. */
function shareFor<T>(ms: number, nowMs: () => number, read: () => Promise<T>): () => Promise<T> {
  let shared: { readonly value: Promise<T>; readonly atMs: number } | null = null;
  return () => {
    if (shared === null || nowMs() - shared.atMs >= ms) {
      const value = read();
      const mine = { value, atMs: nowMs() };
      shared = mine;
      // A failed reading is not shared with those who come later.
      value.catch(() => {
        if (shared === mine) shared = null;
      });
    }
    return shared.value;
  };
}

function supplyGauge({ items }: PublicSupply): Gauge {
  const parts = ['reserve', 'loss', 'position', 'balances', 'inFlight'] as const;
  return {
    name: 'tallystick_supply_minor_units',
    help: 'Terms of the supply equation, in minor units of the currency.',
    values: items
      .filter(({ participant }) => participant !== null)
      .flatMap((item) =>
        parts.map((part) => ({
          labels: {
            participant: item.participant ?? '',
            currency: item[part].currency,
            term: part,
          },
          value: item[part].amount,
        })),
      ),
  };
}

const stateSchema = z.object({ status: z.literal('ok') });

function addHealth(app: OpenAPIHono, { ready }: PublicOptions): void {
  const route = (path: string, summary: string) =>
    createRoute({
      method: 'get',
      path,
      tags: ['public'],
      summary,
      responses: {
        200: { description: 'Yes.', content: { 'application/json': { schema: stateSchema } } },
        ...PROBLEMS,
      },
    });
  app.openapi(route('/healthz', 'Whether the process lives'), (context) =>
    context.json({ status: 'ok' as const }, 200),
  );
  app.openapi(route('/readyz', 'Whether requests can be served'), async (context) =>
    (await ready().catch(() => false))
      ? context.json({ status: 'ok' as const }, 200)
      : problem(context, 'UNAVAILABLE'),
  );
}
