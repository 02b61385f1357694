import type { Bytes, Result } from '@tallystick/protocol';
import type { CertificateRef, PurseId } from '../store/rows.ts';
import type { Context } from './context.ts';

/** A load whose money the rail has taken from the holder's account already. */
export interface LoadOrder {
  readonly purse: PurseId;
  /** The purse's certificate that made the request. */
  readonly payee: CertificateRef;
  /** SHA-256 of the signed request: the load is idempotent by it. */
  readonly requestDigest: Bytes;
  /** Minor units of the purse's currency. */
  readonly amount: bigint;
  readonly acceptMinutes: number;
}

/**
 * Signs a load from the purse's own issuer sub-purse, persists and posts it, and returns its
 * COSE_Sign1: the same bytes for the same request.
 * Errors: UNKNOWN_CERTIFICATE; REVOKED for a purse that is revoked or a culprit.
 */
export function recordLoad(_order: LoadOrder, _context: Context): Promise<Result<Bytes>> {
  throw new Error('in the making');
}
