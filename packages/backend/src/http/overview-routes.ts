import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { currencyRow } from '@tallystick/protocol';
import { toInstant } from './money.ts';
import { json, type OperatorOptions, OPERATORS } from './operator.ts';
import { PROBLEMS } from './problem.ts';

const DAY_SECONDS = 86_400;
/** What the ages of syncs are counted by, in days. */
const AGES_DAYS = [1, 7, 30] as const;
/** Devices that hold a list this old show up in one number. */
const LISTS_SHOWN = 20;

const count = z.number().int();
const overviewSchema = z
  .object({
    asOf: z.iso.datetime(),
    scheme: z.object({
      id: z.string(),
      name: z.string(),
      sandbox: z.boolean(),
      currency: z.string().length(3),
    }),
    participants: z.array(z.object({ code: z.string(), name: z.string() })),
    policy: z.object({ version: count, issuedAt: z.iso.datetime(), emergency: z.boolean() }),
    statusList: z
      .object({ version: count, issuedAt: z.iso.datetime(), revoked: count })
      .nullable()
      .openapi({ description: 'The newest; `revoked` counts certificates.' }),
    purses: z.object({
      all: count,
      suspect: count,
      culprit: count,
      revoked: count,
      lost: count,
    }),
    synced: z.object({
      lastDay: count,
      lastWeek: count,
      lastMonth: count,
      earlier: count,
      never: count,
    }),
    spread: z
      .array(z.object({ listVersion: count.nullable(), purses: count }))
      .openapi({ description: 'Purses by the status list they last said they had.' }),
    outbox: count.openapi({
      description: 'Parcels between purses that wait for delivery, up to 100.',
    }),
  })
  .openapi('Overview');

const PARCELS_LOOKED_AT = 100;

/** How everything stands, in one answer. */
export function addOverview(app: OpenAPIHono, { backend, store, clock }: OperatorOptions): void {
  const route = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/overview',
    summary: 'How the scheme stands: policy, status list and its spread, purses and their syncs',
    responses: { 200: json(overviewSchema, 'As of now.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const now = clock();
    const since = AGES_DAYS.map((days) => now - days * DAY_SECONDS);
    const { scheme } = backend.authority;
    const { value: policy } = await backend.authority.refreshPolicy();
    const list = await store.latestList();
    const fleet = await store.reports.fleet(since, LISTS_SHOWN);
    const [day = 0, week = 0, month = 0] = fleet.syncedSince;
    return context.json(
      {
        asOf: toInstant(now),
        scheme: {
          id: scheme.id,
          name: scheme.name,
          sandbox: scheme.sandbox,
          currency: currencyRow(scheme.currency).alpha,
        },
        participants: scheme.participants.map(({ code, name }) => ({ code, name })),
        policy: {
          version: policy.version,
          issuedAt: toInstant(policy.issuedAt),
          emergency: policy.emergency,
        },
        statusList:
          list === null
            ? null
            : {
                version: list.version,
                issuedAt: toInstant(list.issuedAt),
                revoked: list.revoked.length,
              },
        purses: {
          all: fleet.purses,
          suspect: fleet.suspect,
          culprit: fleet.culprit,
          revoked: fleet.revoked,
          lost: fleet.lost,
        },
        synced: {
          lastDay: day,
          lastWeek: week - day,
          lastMonth: month - week,
          earlier: fleet.purses - month - fleet.neverSynced,
          never: fleet.neverSynced,
        },
        spread: fleet.lists.map(({ version, purses }) => ({ listVersion: version, purses })),
        outbox: (await store.outbox(PARCELS_LOOKED_AT)).length,
      },
      200,
    );
  });
}
