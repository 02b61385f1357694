import {
  attempt,
  type Bytes,
  type Credential,
  decodeBody,
  decodeReply,
  encodeBody,
  encodeUpload,
  enrolmentReply,
  type EnrolmentReply,
  type EnrolmentRequest,
  loadReply,
  type LoadReply,
  renewalRequest,
  type RenewalRequest,
  type Result,
  type SyncReply,
  type Upload,
} from '@tallystick/protocol';
import type { BackendPort, WalletResult } from '@tallystick/wallet';

type Errand = 'enrol' | 'load' | 'sync' | 'renew';

const UNREACHABLE = {
  ok: false,
  error: { code: 'BACKEND_UNREACHABLE', message: 'nothing came back' },
} as const;

/**
 * The backend as orders bring it: what the wallet sends on the errand it was ordered on is reported,
 * and the next reply answers it. Anything else finds the backend out of reach.
 */
export class Desk implements BackendPort {
  #errand: Errand | null = null;
  #challenge: Bytes | null = null;
  #asked: PromiseWithResolvers<Bytes> = Promise.withResolvers();
  #answered: PromiseWithResolvers<Bytes | null> = Promise.withResolvers();

  /** Lets one errand through. The promise gives what the wallet sends on it. */
  expect(errand: Errand, challenge: Bytes | null = null): Promise<Bytes> {
    this.#errand = errand;
    this.#challenge = challenge;
    this.#asked = Promise.withResolvers();
    this.#answered = Promise.withResolvers();
    return this.#asked.promise;
  }

  /** Answers the errand under way; null when nothing came back. */
  reply(body: Bytes | null): void {
    this.#errand = null;
    this.#answered.resolve(body);
  }

  async challenge(): Promise<WalletResult<Bytes>> {
    return this.#challenge === null ? UNREACHABLE : { ok: true, value: this.#challenge };
  }

  async sealedChallenge(): Promise<WalletResult<Credential>> {
    return UNREACHABLE;
  }

  enrol({ enrolment }: EnrolmentRequest): Promise<WalletResult<EnrolmentReply>> {
    return this.#ask('enrol', enrolment, (body) => decodeBody(enrolmentReply, body));
  }

  load(signedRequest: Bytes): Promise<WalletResult<LoadReply>> {
    return this.#ask('load', signedRequest, (body) => decodeBody(loadReply, body));
  }

  sync(upload: Upload): Promise<WalletResult<SyncReply>> {
    return this.#ask('sync', encodeUpload(upload), decodeReply);
  }

  renew(request: RenewalRequest): Promise<WalletResult<Bytes>> {
    return this.#ask('renew', encodeBody(renewalRequest, request), (body) => body);
  }

  async statusList(): Promise<WalletResult<Bytes>> {
    return UNREACHABLE;
  }

  async policy(): Promise<WalletResult<Bytes>> {
    return UNREACHABLE;
  }

  async #ask<T>(errand: Errand, sent: Bytes, read: (body: Bytes) => T): Promise<WalletResult<T>> {
    if (this.#errand !== errand) return UNREACHABLE;
    this.#asked.resolve(sent);
    const body = await this.#answered.promise;
    if (body === null) return UNREACHABLE;
    const reply: Result<T> = attempt(() => read(body));
    return reply;
  }
}
