import type { Bytes, Seconds } from '@tallystick/protocol';
import type { AttestationVerifier } from '../attestation/verifier.ts';
import type { Authority } from '../authority/authority.ts';
import type { RandomBytes } from '../authority/keys.ts';
import type { Rail } from '../rail/rail.ts';
import type { Context } from '../reconciliation/index.ts';
import type { Scheme } from '../scheme/scheme.ts';
import type { Store } from '../store/port.ts';
import type { VerifyMany } from '../verification/verifier.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Inbox } from './inbox.ts';

/** What every part of the service works with. */
export interface Parts {
  readonly scheme: Scheme;
  readonly store: Store;
  readonly authority: Authority;
  readonly rail: Rail;
  readonly verifyMany: VerifyMany;
  /** Issuer time. */
  readonly clock: () => Seconds;
  readonly random: RandomBytes;
  /** Judges of evidence; self-assertion needs none. */
  readonly attestations: readonly AttestationVerifier[];
  readonly context: Context;
  readonly dispatcher: Dispatcher;
  readonly inbox: Inbox;
  /** Makes challenges known again. */
  readonly secret: Bytes;
}
