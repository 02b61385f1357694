import type { Bytes, Seconds, Signed, StatusList, TrustStore } from '@tallystick/protocol';
import type { Store } from '../store/port.ts';
import type { VerifyMany } from '../verification/verifier.ts';

/** What an issuing key is to sign: algorithm and reference are the key's own. */
export interface Draft {
  readonly external: Bytes;
  readonly payload: Bytes;
}

/** The scheme's signing keys, wherever they are kept. */
export interface Issuer {
  /** Signs with the participant's issuing key (tier 0): loads, answers, closures. */
  sign(participant: string, draft: Draft): Promise<Signed>;
  /** Signs a status list with the operator's key and returns its COSE_Sign1. */
  signList(list: StatusList): Promise<Bytes>;
  /** The `uri` that status lists carry. */
  readonly listUri: string;
}

/** Everything reconciliation needs from outside. */
export interface Context {
  readonly store: Store;
  readonly verifyMany: VerifyMany;
  readonly issuer: Issuer;
  /** The scheme root and its authorities, for fork proofs. */
  readonly trust: TrustStore;
  /** Issuer time. */
  readonly now: () => Seconds;
}
