import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  CONDITION,
  decodePayload,
  RECORD,
  statement as statementCodec,
} from '@tallystick/protocol';
import type { FactRow } from '../store/rows.ts';
import { toInstant } from './money.ts';
import { byId, json, type OperatorOptions, OPERATORS } from './operator.ts';
import { problem, PROBLEMS } from './problem.ts';
import { hex } from './views/fields.ts';

/** How far back from what is proven statements are looked for, in entries. */
const ENTRIES_LOOKED_AT = 1_000;
const STATEMENTS_SHOWN = 50;

interface StatementView {
  readonly id: string;
  readonly seq: number;
  readonly certificate: string;
  readonly floor: string | null;
  readonly policyVersion: number;
  readonly listVersion: number;
  readonly epoch: number;
  readonly condition: string;
}

const statementSchema: z.ZodType<StatementView> = z
  .object({
    id: hex,
    seq: z.number().int(),
    certificate: hex,
    floor: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'No earlier than this, by issuer time; null where it knew none.' }),
    policyVersion: z.number().int(),
    listVersion: z.number().int(),
    epoch: z.number().int(),
    condition: z.string().openapi({ description: 'What it said of itself: sound, or tampered.' }),
  })
  .openapi('Statement');

const CONDITIONS = new Map<number, string>(
  Object.entries(CONDITION).map(([name, number]) => [number, name]),
);

/** What a purse has said of itself at its syncs. */
export function addStatements(app: OpenAPIHono, { store }: OperatorOptions): void {
  const route = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/purses/{id}/statements',
    summary: 'What a purse said of itself at its last syncs, newest first',
    request: byId,
    responses: {
      200: json(z.object({ items: z.array(statementSchema) }), 'The last.'),
      ...PROBLEMS,
    },
  });
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const purse = await store.reports.purse(id);
    if (purse === null) return problem(context, 'NOT_FOUND', `no purse ${id}`);
    const from = Math.max(1, purse.provenSeq - ENTRIES_LOOKED_AT);
    const facts = await store.transaction([id], (tx) => tx.factsFrom(id, from));
    // One may be known by its signature, and again from its log.
    const byId = new Map(
      facts.filter(({ kind }) => kind === RECORD.statement).map((fact) => [fact.id, fact]),
    );
    const items = [...byId.values()].toReversed().slice(0, STATEMENTS_SHOWN).map(viewStatement);
    return context.json({ items }, 200);
  });
}

function viewStatement({ id, seq, kid, payload }: FactRow): StatementView {
  const said = decodePayload(payload, statementCodec, 'statement');
  return {
    id,
    seq,
    certificate: kid,
    floor: said.floor === 0 ? null : toInstant(said.floor),
    policyVersion: said.policyVersion,
    listVersion: said.listVersion,
    epoch: said.epoch,
    condition: CONDITIONS.get(said.condition) ?? String(said.condition),
  };
}
