import { z } from '@hono/zod-openapi';

/** Names of purses, certificates and records. */
export const hex: z.ZodString = z.string().regex(/^(?:[0-9a-f]{16}|[0-9a-f]{64})$/);

export const base64url: z.ZodString = z.string().regex(/^[A-Za-z0-9_-]*$/);

export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
