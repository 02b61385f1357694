import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Throws unless a value is what a published schema under `spec/json/` says, named without its ending. */
export function assertSchema(name: string, value: unknown): void {
  const url = new URL(`../../../../spec/json/${name}.schema.json`, import.meta.url);
  const schema = JSON.parse(readFileSync(url, 'utf8')) as Parameters<typeof z.fromJSONSchema>[0];
  z.fromJSONSchema(schema).parse(value);
}
