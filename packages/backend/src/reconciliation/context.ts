import type {
  Bytes,
  Seconds,
  SignatureCheck,
  Signed,
  StatusList,
  TrustStore,
} from '@tallystick/protocol';
import type { Store } from '../store/port.ts';

/** Verifies a batch; the verdicts come in the order of the checks. */
export type VerifyMany = (checks: readonly SignatureCheck[]) => Promise<readonly boolean[]>;

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
