export type { WalletCode, WalletFailure, WalletResult } from './failure.ts';
export { type Patience, SCREENS, TAP } from './patience.ts';
export type { PaymentOutcome } from './payments/payment-outcome.ts';
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
export { type Alarm, type Platform, platformTimer, type Timer } from './timer.ts';
export * from './transport/index.ts';
