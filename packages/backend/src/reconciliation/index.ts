export type { Context, Draft, Issuer } from './context.ts';
export { type CreditOrder, settle } from './deliver.ts';
export { type Ingested, ingestMany } from './ingest.ts';
export { ledgerHash } from './ledger-hash.ts';
export { type LoadOrder, recordLoad } from './loads.ts';
export { revoke } from './revocations.ts';
export { type Supply, supply } from './supply.ts';
export type { VerifyMany } from '../verification/verifier.ts';
