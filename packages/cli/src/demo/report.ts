import { type Currency, currencyRow } from '@tallystick/protocol';

/** Money as programs read it: minor units as text. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

export function toMoney(amount: bigint, currency: Currency): Money {
  return { amount: amount.toString(), currency: currencyRow(currency).alpha };
}

/** A frame as it went over the link. */
export interface FrameSize {
  readonly name: string;
  readonly bytes: number;
}

export interface PaymentReport {
  readonly from: string;
  readonly to: string;
  readonly amount: Money;
  /** How often this money has changed hands since it was loaded, this payment included. */
  readonly hop: number;
  /** Of the frame that carried the payment. */
  readonly bytes: number;
  readonly link: 'tap' | 'static code';
  readonly id: string;
  readonly frames: readonly FrameSize[];
}

export interface TornTapReport {
  readonly from: string;
  readonly to: string;
  readonly amount: Money;
  /** The frame that was lost together with the link. */
  readonly cut: 'receipt';
  readonly payerSaw: string;
  readonly payeeSaw: string;
  /** What the payer asked for at the second tap, and what it was answered with. */
  readonly resolvedBy: { readonly asked: 'void'; readonly answered: 'receipt' | 'void' };
  readonly endedWith: string;
}

/** An old copy of a purse, put in the place of the newest. */
export interface RollbackReport {
  readonly outcome: 'prevented' | 'succeeded';
  /** What the environment refused it with. */
  readonly refusedWith: string | null;
}

export interface ForkReport {
  readonly detected: boolean;
  /** Whose upload brought it to light. */
  readonly detectedAtSyncOf: string | null;
  readonly culprit: string | null;
  readonly purse: string | null;
  readonly proofKind: string | null;
  readonly proofBytes: number;
  readonly revoked: boolean;
  /** The first status list that says so. */
  readonly listVersion: number | null;
}

export interface SupplyReport {
  readonly reserve: Money;
  readonly loss: Money;
  readonly balances: Money;
  readonly inFlight: Money;
  readonly balanced: boolean;
}

export interface HolderReport {
  readonly name: string;
  readonly participant: string;
  readonly kind: 'wallet' | 'terminal';
  readonly purse: string;
  /** Name of its tier: what its environment and the evidence for that are worth. */
  readonly tier: string;
  readonly loaded: Money;
  readonly redeemed: Money;
  /** `frozen`: held against what its holder owes. */
  readonly redemption: 'paid' | 'frozen';
}

export interface DemoReport {
  readonly ok: boolean;
  readonly scheme: string;
  /** Where the people's purses ran. */
  readonly tre: string;
  readonly database: 'embedded' | 'external';
  readonly holders: readonly HolderReport[];
  readonly payments: readonly PaymentReport[];
  readonly tornTap: TornTapReport;
  readonly rollback: RollbackReport;
  readonly fork: ForkReport;
  /** Of the whole scheme, at the end. */
  readonly supply: SupplyReport;
  readonly audit: {
    readonly agrees: boolean;
    readonly facts: number;
    readonly signatures: number;
    readonly differences: number;
  };
  /** What had to hold, and whether it did. */
  readonly checks: readonly { readonly name: string; readonly holds: boolean }[];
  readonly files: {
    readonly folder: string;
    readonly trust: string;
    readonly messages: readonly string[];
  };
}
