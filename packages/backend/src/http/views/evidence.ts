import { z } from '@hono/zod-openapi';
import { ALGORITHMS, RECORD } from '@tallystick/protocol';
import type { FactRow, ProofRow } from '../../store/rows.ts';
import { toInstant } from '../money.ts';
import { base64url, hex, toBase64url } from './fields.ts';

export interface ForkView {
  readonly digest: string;
  readonly purse: string;
  readonly certificate: string;
  readonly kind: 'position' | 'log' | 'answer';
  readonly time: string;
  readonly wire: string;
}

/** A checked fork proof; anyone with the scheme root can check `wire` again (TS-FRK-3). */
export const forkSchema: z.ZodType<ForkView> = z
  .object({
    digest: hex,
    purse: hex,
    certificate: hex,
    kind: z.enum(['position', 'log', 'answer']),
    time: z.iso.datetime(),
    wire: base64url,
  })
  .openapi('Fork');

const FORK_KINDS = { 1: 'position', 2: 'log', 3: 'answer' } as const;

export function viewFork(row: ProofRow): ForkView {
  const { digest, purse, certificate, kind, time, wire } = row;
  return {
    digest,
    purse,
    certificate,
    kind: FORK_KINDS[kind],
    time: toInstant(time),
    wire: toBase64url(wire),
  };
}

export interface FactView {
  readonly id: string;
  readonly purse: string;
  readonly seq: number;
  readonly kind: string;
  readonly certificate: string;
  readonly algorithm: string;
  readonly external: string;
  readonly payload: string;
  readonly evidence: string | null;
  readonly signature: string | null;
  readonly inLog: boolean;
}

/** A device's authentic record as it was stored. */
export const factSchema: z.ZodType<FactView> = z
  .object({
    id: hex,
    purse: hex,
    seq: z.number().int(),
    kind: z.string(),
    certificate: hex,
    algorithm: z.string(),
    external: base64url,
    payload: base64url,
    evidence: base64url.nullable(),
    signature: base64url.nullable(),
    inLog: z.boolean().openapi({ description: 'Seen in its log under a verified head.' }),
  })
  .openapi('Fact');

const RECORD_KINDS = new Map<number, string>(
  Object.entries(RECORD).map(([name, number]) => [number, name]),
);

export function viewFact(row: FactRow): FactView {
  const { id, purse, seq, kind, kid, alg, external, payload, evidence, signature, salt } = row;
  return {
    id,
    purse,
    seq,
    kind: RECORD_KINDS.get(kind) ?? String(kind),
    certificate: kid,
    algorithm: ALGORITHMS[alg].name,
    external: toBase64url(external),
    payload: toBase64url(payload),
    evidence: evidence === null ? null : toBase64url(evidence),
    signature: signature === null ? null : toBase64url(signature),
    inLog: salt !== null,
  };
}
