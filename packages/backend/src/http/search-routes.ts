import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { LIMITS } from '@tallystick/protocol';
import type { Store } from '../store/port.ts';
import { json, type OperatorOptions, OPERATORS } from './operator.ts';
import { PROBLEMS } from './problem.ts';

const PURSES_SHOWN = 50;

interface Hit {
  readonly kind: 'purse' | 'payment' | 'fact';
  readonly id: string;
  /** The purse it is about; null for a payment, which has two. */
  readonly purse: string | null;
  /** What was named: an account, a certificate, an id. */
  readonly by: 'id' | 'certificate' | 'account';
}

const hitSchema: z.ZodType<Hit> = z
  .object({
    kind: z.enum(['purse', 'payment', 'fact']),
    id: z.string(),
    purse: z.string().nullable(),
    by: z.enum(['id', 'certificate', 'account']),
  })
  .openapi('SearchHit');

/** Finds what has a name: a purse, one of its certificates, a payment, a record, or an account. */
export function addSearch(app: OpenAPIHono, { store }: OperatorOptions): void {
  const route = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/search',
    summary: 'What has this id, or which purses an account of this name has',
    request: { query: z.object({ q: z.string().trim().min(1).max(LIMITS.nameBytes) }) },
    responses: {
      200: json(z.object({ items: z.array(hitSchema) }), 'Perhaps nothing.'),
      ...PROBLEMS,
    },
  });
  app.openapi(route, async (context) => {
    const { q } = context.req.valid('query');
    return context.json({ items: await find(store, q) }, 200);
  });
}

async function find(store: Store, q: string): Promise<Hit[]> {
  const id = q.toLowerCase();
  const { reports } = store;
  const found: Hit[] = [];
  if (/^[0-9a-f]{16}$/.test(id)) {
    const purse = await reports.purse(id);
    if (purse !== null) found.push({ kind: 'purse', id, purse: id, by: 'id' });
    else {
      for (const { purse: of } of await store.certificates([id])) {
        if (of !== null) found.push({ kind: 'purse', id: of, purse: of, by: 'certificate' });
      }
    }
  }
  if (/^[0-9a-f]{64}$/.test(id)) {
    const { payer, payee } = await reports.payment(id);
    if ((payer ?? payee) !== null) found.push({ kind: 'payment', id, purse: null, by: 'id' });
    // A record may be known by its signature, and again from its log.
    for (const purse of new Set((await reports.fact(id)).map((fact) => fact.purse))) {
      found.push({ kind: 'fact', id, purse, by: 'id' });
    }
  }
  for (const { id: of } of await reports.pursesOf(q, PURSES_SHOWN)) {
    found.push({ kind: 'purse', id: of, purse: of, by: 'account' });
  }
  return found;
}
