import type { FaultCounts } from './faults.ts';
import type { Violation } from './truth.ts';

/** Minor units as text: a report is JSON, and JSON numbers are not money. */
type Amount = string;

/** What one world came to. The same seed and options give the same bytes. */
export interface Report {
  readonly seed: string;
  /** Scheduled events that were run before the calm at the end. */
  readonly steps: number;
  readonly calmSteps: number;
  readonly simulatedSeconds: number;
  readonly wallets: number;
  readonly terminals: number;
  readonly attackers: number;
  readonly payments: {
    /** Debited by a trusted application, loads and unloads not counted. */
    readonly made: number;
    readonly accepted: number;
    readonly restored: number;
    readonly highestHop: number;
    readonly total: Amount;
  };
  readonly loads: { readonly count: number; readonly total: Amount };
  readonly unloads: { readonly count: number; readonly total: Amount };
  readonly syncs: number;
  /** What devices that met told each other of payments they had seen (TS-WIT-2). */
  readonly witnesses: {
    /** Frames with a set. */
    readonly sets: number;
    /** Questions for a payment at a place where the one who asks has another. */
    readonly asked: number;
    /** Payments shown to whoever asked. */
    readonly shown: number;
  };
  readonly faults: FaultCounts;
  /** Refusals by code: what the world tried that was not allowed. */
  readonly refusals: Readonly<Record<string, number>>;
  /** True state of all devices at the end. */
  readonly truth: {
    readonly issued: Amount;
    readonly inFlight: Amount;
    readonly counterfeit: Amount;
    readonly balances: Amount;
  };
  readonly backend: {
    readonly reserve: Amount;
    readonly loss: Amount;
    readonly balances: Amount;
    readonly inFlight: Amount;
    readonly balanced: boolean;
    readonly culprits: readonly string[];
    readonly ledgerHash: string;
  };
  readonly checks: number;
  readonly violations: readonly (Violation & { readonly step: number })[];
}
