/** What the backend answers, as far as the console shows it. Its OpenAPI document says the same. */
export interface Money {
  /** Minor units. */
  readonly amount: string;
  readonly currency: string;
}

export interface Listed<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
}

export interface SessionState {
  readonly member: { readonly id: string; readonly name: string } | null;
  readonly expires: string | null;
  readonly isFirst: boolean;
}

export interface SupplyRow {
  readonly participant: string | null;
  readonly reserve: Money;
  readonly loss: Money;
  readonly position: Money;
  readonly balances: Money;
  readonly inFlight: Money;
  readonly balanced: boolean;
}

export interface Overview {
  readonly asOf: string;
  readonly scheme: {
    readonly id: string;
    readonly name: string;
    readonly sandbox: boolean;
    readonly currency: string;
  };
  readonly participants: readonly { readonly code: string; readonly name: string }[];
  readonly policy: {
    readonly version: number;
    readonly issuedAt: string;
    readonly emergency: boolean;
  };
  readonly statusList: {
    readonly version: number;
    readonly issuedAt: string;
    readonly revoked: number;
  } | null;
  readonly purses: Readonly<Record<'all' | 'suspect' | 'culprit' | 'revoked' | 'lost', number>>;
  readonly synced: Readonly<
    Record<'lastDay' | 'lastWeek' | 'lastMonth' | 'earlier' | 'never', number>
  >;
  readonly spread: readonly { readonly listVersion: number | null; readonly purses: number }[];
  readonly outbox: number;
}

export interface PaymentRow {
  readonly id: string;
  readonly amount: Money;
  readonly hop: number;
  readonly acceptBy: string;
  readonly payer: PayerHalf | null;
  readonly payee: PayeeHalf | null;
}

export interface PayerHalf {
  readonly purse: string;
  readonly certificate: string;
  readonly seq: number;
  readonly inLog: boolean;
  readonly accepted: boolean;
  readonly voided: boolean;
  readonly closed: boolean;
  readonly restored: boolean;
  readonly unload: 'held' | 'frozen' | 'paid' | null;
}

export interface PayeeHalf {
  readonly purse: string;
  readonly addressed: boolean;
  readonly received: boolean;
  readonly voided: boolean;
  readonly closed: boolean;
  readonly credited: boolean;
}

export interface PurseRow {
  readonly id: string;
  readonly participant: string;
  readonly account: string;
  readonly currency: string;
  readonly standing: 'sound' | 'suspect' | 'culprit';
  readonly reason: string | null;
  readonly rolledBack: boolean;
  readonly revokedAt: number | null;
  readonly horizon: string | null;
  readonly refunded: Money;
  readonly provenSeq: number;
  readonly epoch: number;
  readonly syncedAt: string | null;
  readonly listVersion: number | null;
}

export interface PurseDetail extends PurseRow {
  readonly balances: readonly {
    readonly account: string;
    readonly participant: string;
    readonly counterparty: string;
    readonly balance: Money;
  }[];
  readonly certificates: readonly {
    readonly ref: string;
    readonly algorithm: string;
    readonly tier: number;
    readonly assurance: number;
    readonly measurement: number;
    readonly fromSeq: number;
    readonly statusIndex: number;
    readonly expires: string;
  }[];
}

export interface StatementRow {
  readonly id: string;
  readonly seq: number;
  readonly floor: string | null;
  readonly policyVersion: number;
  readonly listVersion: number;
  readonly epoch: number;
  readonly condition: string;
}

export interface ForkRow {
  readonly digest: string;
  readonly purse: string;
  readonly certificate: string;
  readonly kind: 'position' | 'log' | 'answer';
  readonly time: string;
  readonly wire: string;
}

export interface FactRow {
  readonly id: string;
  readonly purse: string;
  readonly seq: number;
  readonly kind: string;
  readonly certificate: string;
  readonly algorithm: string;
  readonly payload: string;
  readonly signature: string | null;
  readonly inLog: boolean;
}

export interface TierRules {
  readonly tier: number;
  readonly paymentMax: string;
  readonly balanceMax: string;
  readonly totalMax: string;
  readonly countMax: number;
  readonly stepUpAbove: string;
  readonly payerCap: string;
  readonly offlineSeconds: number;
}

export interface Rules {
  readonly hopMax: number;
  readonly staleSeconds: number;
  readonly tiers: readonly TierRules[];
}

export interface PolicyStanding {
  readonly inForce: Rules & {
    readonly version: number;
    readonly issuedAt: string;
    readonly emergency: boolean;
    readonly acceptMinutes: number;
    readonly claimSeconds: number;
    readonly graceSeconds: number;
    readonly skewSeconds: number;
    readonly measurements: number;
  };
  readonly rules: Rules;
  readonly filed: Rules;
  readonly tiers: readonly { readonly tier: number; readonly name: string }[];
}

export interface PolicyPreview {
  readonly basis: number;
  readonly version: number;
  readonly changes: readonly {
    readonly tier: number | null;
    readonly field: string;
    readonly from: string;
    readonly to: string;
  }[];
}

export interface AccountRow {
  readonly participant: string;
  readonly account: string;
  readonly balance: Money;
  readonly acceptancePoint: string | null;
}

export interface LostRow {
  readonly purse: string;
  readonly participant: string;
  readonly account: string;
  readonly reportedAt: string;
  readonly horizon: string;
  readonly refunds: number;
  readonly refunded: Money;
}

export interface ImageRow {
  readonly version: number;
  readonly sha256: string;
  readonly size: number;
  readonly state: 'newest' | 'superseded' | 'withdrawn';
  readonly registeredAt: string;
  readonly acceptedUntil: string | null;
}

export interface StaffRow {
  readonly id: string;
  readonly name: string;
  readonly addedAt: string;
  readonly passkeys: readonly {
    readonly name: string;
    readonly label: string;
    readonly addedAt: string;
    readonly usedAt: string | null;
  }[];
}

export interface DeedRow {
  readonly at: string;
  readonly name: string;
  readonly request: string;
  readonly body: string | null;
}

export interface Hit {
  readonly kind: 'purse' | 'payment' | 'fact';
  readonly id: string;
  readonly purse: string | null;
  readonly by: 'id' | 'certificate' | 'account';
}

export interface AuditResult {
  readonly agrees: boolean;
  readonly purses: number;
  readonly facts: number;
  readonly payments: number;
  readonly postings: number;
  readonly differencesInAll: number;
}
