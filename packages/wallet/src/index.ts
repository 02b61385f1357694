export type { Balance, PendingItem } from './balance.ts';
export type { WalletCode, WalletFailure, WalletResult } from './failure.ts';
export type { Terminal, TerminalEvent, Totals } from './one-way/terminal.ts';
export type { Patience } from './patience.ts';
export type { PaymentOutcome } from './payments/payment-outcome.ts';
export { type Presented, Witness } from './contact/witness.ts';
export { memoryStore, type PendingStore } from './pending-store.ts';
export {
  type Culprit,
  type Offered,
  type PayOrder,
  PurseClient,
  type RequestOrder,
} from './purse-client.ts';
export type { Accepted } from './session/accept.ts';
export type { Approval, Confirm, Question } from './session/holder.ts';
export type { BackendPort } from './sync/backend-port.ts';
export type { EnrolOrder } from './sync/enrol.ts';
export {
  type Fetch,
  type FetchInit,
  type FetchResponse,
  httpBackend,
  type HttpOptions,
} from './sync/http.ts';
export { fetchImage } from './sync/images.ts';
export type { SyncReport } from './sync/sync.ts';
export type { HolderProof, Redemption } from './sync/unload.ts';
export { type Alarm, type Platform, platformTimer, type Timer } from './timer.ts';
export * from './transport/index.ts';
export {
  createWallet,
  type PaymentRequest,
  type TerminalOptions,
  type Wallet,
  type WalletOptions,
  type WalletSync,
} from './wallet.ts';
