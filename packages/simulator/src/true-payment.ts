/** What really happened to one payment, however many devices claim what. */
export interface TruePayment {
  readonly id: string;
  readonly amount: bigint;
  /** Device that was debited; null for a load. */
  readonly payer: string | null;
  readonly payee: string;
  /** True when it is addressed to an issuer: it leaves the offline money when it is debited. */
  readonly isUnload: boolean;
  readonly hop: number;
  /** Reference of the payer's certificate in hex; empty for a load. */
  readonly certificate: string;
  readonly acceptedBy: Set<string>;
  readonly voidedBy: Set<string>;
  restored: number;
}
