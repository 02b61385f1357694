import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Page } from '../store/port.ts';
import { pageOf, pageQuery, readCursor, writeCursor } from './cursor.ts';
import { problem, PROBLEMS } from './problem.ts';

/** A list of rows that is read a page at a time. */
export interface ListRoute<Row, View> {
  readonly path: string;
  readonly summary: string;
  readonly schema: z.ZodType<View>;
  readonly read: (after: string, limit: number) => Promise<Page<Row>>;
  readonly view: (row: Row) => View | Promise<View>;
}

/** Adds a GET with cursor pagination. */
export function addList<Row, View>(app: OpenAPIHono, list: ListRoute<Row, View>): void {
  const route = createRoute({
    method: 'get',
    path: list.path,
    tags: ['operators'],
    summary: list.summary,
    security: [{ operator: [] }, { staff: [] }],
    request: { query: pageQuery },
    responses: {
      200: {
        description: 'A page.',
        content: { 'application/json': { schema: pageOf(list.schema) } },
      },
      ...PROBLEMS,
    },
  });
  app.openapi(route, async (context) => {
    const { cursor, limit } = context.req.valid('query');
    const after = readCursor(cursor);
    if (after === null) return problem(context, 'BAD_REQUEST', 'this cursor is not ours');
    const { rows, next } = await list.read(after, limit);
    const items = await Promise.all(rows.map(list.view));
    return context.json({ items, next: writeCursor(next) } as never, 200);
  });
}
