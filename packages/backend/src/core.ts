export { audit, type AuditOptions, type AuditReport, type Difference } from './audit/index.ts';
export type { AttestationVerifier } from './attestation/verifier.ts';
export {
  type Authority,
  type AuthorityOptions,
  openAuthority,
  type Party,
} from './authority/authority.ts';
export type { KeyRing, RandomBytes, SigningKey } from './authority/keys.ts';
export { readTrust } from './authority/trust.ts';
export { createMemoryKeys } from './authority/memory-keys.ts';
export { type BackendCode, type Outcome, type Refused } from './outcome.ts';
export type { Account, AccountName, Movement, Rail, RecordedMovement } from './rail/rail.ts';
export { createSandboxRail } from './rail/sandbox-rail.ts';
export * from './reconciliation/index.ts';
export { parseScheme, SchemeError } from './scheme/parse-scheme.ts';
export type { Scheme, SchemeEnvironment, SchemeTier } from './scheme/scheme.ts';
export { type Backend, type BackendOptions, createBackend } from './service/backend.ts';
export type { LostPurse } from './service/lost-devices.ts';
export type { RevocationReason } from './service/revocation.ts';
export { createMemoryStore } from './store/memory.ts';
export { newPurse } from './store/new-purse.ts';
export type * from './store/messages.ts';
export type * from './store/port.ts';
export type * from './store/rows.ts';
export { softwareVerifier, verifyInSoftware } from './verification/software.ts';
export { runCheckings, runOne } from './verification/verifier.ts';
