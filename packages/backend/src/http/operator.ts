import { z } from '@hono/zod-openapi';
import type { Backend } from '../service/backend.ts';
import type { Staff } from '../staff/staff.ts';
import type { Store } from '../store/port.ts';
import { hex } from './views/fields.ts';

export interface OperatorOptions {
  readonly backend: Backend;
  readonly store: Store;
  /** What operators send as a bearer token. */
  readonly token: string;
  /** Who may sign in, and do what operators do. */
  readonly staff: Staff;
  /** Seconds since 1970. */
  readonly clock: () => number;
}

/** What every route for operators says of itself. */
export const OPERATORS: { tags: string[]; security: Record<string, string[]>[] } = {
  tags: ['operators'],
  security: [{ operator: [] }, { staff: [] }],
};
export const JSON_TYPE = 'application/json';
export const byId: { readonly params: z.ZodObject<{ id: z.ZodString }> } = {
  params: z.object({ id: hex }),
};
export const keyHeader: z.ZodObject<{ 'idempotency-key': z.ZodOptional<z.ZodString> }> = z.object({
  'idempotency-key': z.string().optional().openapi({
    description: 'A repeated request with the same key gets the first response again.',
  }),
});

interface JsonContent<T> {
  readonly description: string;
  readonly content: { readonly 'application/json': { readonly schema: T } };
}

export function json<T extends z.ZodType>(schema: T, description: string): JsonContent<T> {
  return { description, content: { 'application/json': { schema } } };
}
