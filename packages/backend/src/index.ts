export * from './core.ts';
export { type TpmTrust, tpmVerifier } from './attestation/tpm/verifier.ts';
export { createNodeKeys } from './authority/node-keys.ts';
export { createShelf, type Shelf } from './authority/shelf.ts';
export { connect } from './database/connect.ts';
export { DatabaseError } from './database/database-error.ts';
export { type EmbeddedDatabase, findRunningEmbedded, startEmbedded } from './database/embedded.ts';
export { createApp, type AppOptions } from './http/app.ts';
export { type Answer, listen, type Listening, ServerError } from './http/listen.ts';
export { type RunningServer, type ServerOptions, startServer } from './http/server.ts';
export {
  type DatabaseChoice,
  type NodeBackend,
  type NodeBackendOptions,
  openNodeBackend,
} from './node-backend.ts';
export { readSchemeFile, SANDBOX_SCHEME } from './scheme/node-scheme-file.ts';
export { openPostgresStore } from './store/postgres.ts';
export { createNativeVerifier } from './verification/native.ts';
export {
  startPool,
  type VerificationPool,
  VerificationUnavailable,
} from './verification/pool.ts';
