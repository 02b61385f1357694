import type {
  Accepted,
  Balance,
  PaymentOutcome,
  PendingItem,
  WalletResult,
  WalletSync,
} from '@tallystick/wallet';

/** What an environment's process is asked: the element's own port. */
export interface EnvironmentCommands {
  readonly execute: (command: Uint8Array) => Promise<Uint8Array>;
  readonly readLog: (from: number, to: number) => Promise<readonly Uint8Array[]>;
  readonly measurement: () => Promise<Uint8Array>;
}

/** What a wallet's process is asked: the wallet's methods, and the frames that reach its device. */
export interface WalletCommands {
  readonly enrol: (participant: string, account: string) => Promise<WalletResult<void>>;
  readonly load: (amount: bigint) => Promise<WalletResult<Balance>>;
  readonly sync: () => Promise<WalletResult<WalletSync>>;
  readonly renew: () => Promise<WalletResult<void>>;
  readonly redeem: (amount: bigint) => Promise<WalletResult<unknown>>;
  readonly redeemAll: () => Promise<WalletResult<unknown>>;
  readonly balance: () => Promise<WalletResult<Balance>>;
  readonly pending: () => Promise<WalletResult<readonly PendingItem[]>>;
  /** The purse's certificate. */
  readonly certificate: () => Promise<WalletResult<Uint8Array>>;
  readonly pay: (link: number) => Promise<WalletResult<PaymentOutcome>>;
  readonly getPaid: (link: number, amount: bigint) => Promise<WalletResult<Accepted>>;
  readonly answer: (link: number) => Promise<WalletResult<readonly Accepted[]>>;
  readonly resolve: (
    link: number,
    paymentId: Uint8Array,
    how: 'retry' | 'void',
  ) => Promise<WalletResult<PaymentOutcome>>;
  readonly frame: (link: number, frame: Uint8Array) => void;
  readonly linkEnded: (link: number) => void;
}

/** What a wallet's process tells unasked. */
export type WalletNews =
  | { readonly news: 'frame'; readonly link: number; readonly frame: Uint8Array }
  | { readonly news: 'linkEnded'; readonly link: number }
  | { readonly news: 'environment'; readonly pid: number };
