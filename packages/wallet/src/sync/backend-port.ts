import type {
  Bytes,
  Credential,
  EnrolmentReply,
  EnrolmentRequest,
  Introduction,
  LoadReply,
  RenewalRequest,
  SyncReply,
  Upload,
} from '@tallystick/protocol';
import type { WalletResult } from '../failure.ts';

/**
 * The backend as a wallet sees it (TS-API-1). Every call may fail in two ways, and the difference
 * decides whether it is repeated:
 *
 * - BACKEND_UNREACHABLE: no answer came, so it may have been carried out or not. The wallet keeps
 *   what it sent and sends the same again; the backend answers that as it did the first time.
 * - BACKEND_REFUSED: it was not carried out, for the `reason` given, and will not be as it stands.
 */
export interface BackendPort {
  /** 32 bytes for an enrolment or renewal to sign. */
  challenge(): Promise<WalletResult<Bytes>>;
  /** The same, in a credential that only the introduced hardware can read (TS-ATT-3). */
  sealedChallenge(introduction: Introduction): Promise<WalletResult<Credential>>;
  enrol(request: EnrolmentRequest): Promise<WalletResult<EnrolmentReply>>;
  /** Draws what the signed request says from the account, as a payment to the purse that made it. */
  load(signedRequest: Bytes): Promise<WalletResult<LoadReply>>;
  sync(upload: Upload): Promise<WalletResult<SyncReply>>;
  /** The new key's certificate. */
  renew(request: RenewalRequest): Promise<WalletResult<Bytes>>;
  /**
   * The newest signed status list; or, to a device that says which version it has, a delta to it where
   * the backend finds that shorter (TS-LST-6).
   */
  statusList(since?: number): Promise<WalletResult<Bytes>>;
  /** The newest signed policy. */
  policy(): Promise<WalletResult<Bytes>>;
}
