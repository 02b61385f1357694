import { z } from '@hono/zod-openapi';

const PAGE_ROWS_MAX = 200;

/** Query of every list: an opaque cursor, and how many rows at most. */
export const pageQuery: z.ZodObject<{
  cursor: z.ZodOptional<z.ZodString>;
  limit: z.ZodDefault<z.ZodCoercedNumber>;
}> = z.object({
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,400}$/)
    .optional()
    .openapi({ description: 'The `next` of the page before; absent for the first page.' }),
  limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(50),
});

/** A page of rows; `next` is null at the end. */
export function pageOf<T extends z.ZodType>(
  row: T,
): z.ZodObject<{ items: z.ZodArray<T>; next: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(row), next: z.string().nullable() });
}

/** The store's position behind a cursor; null for one that we did not write. */
export function readCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return '';
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  return writeCursor(text) === cursor ? text : null;
}

export function writeCursor(position: string | null): string | null {
  return position === null ? null : Buffer.from(position, 'utf8').toString('base64url');
}
