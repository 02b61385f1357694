import { randomBytes } from 'node:crypto';
import {
  attempt,
  blob,
  type Bytes,
  type Codec,
  decodeBody,
  encodeBody,
  err,
  LIMITS,
  ok,
  type Result,
  tagged,
} from '@tallystick/protocol';
import type { Sealer } from '../isolated/sealer.ts';
import type { SealedContent } from '../isolated/content.ts';
import { seal, unseal } from '../isolated/sealing.ts';
import { SEALED_BYTES } from '../isolated/content.ts';
import type { OpenTpm } from '../tpm/open.ts';

/** A sealed state that says nothing of its age. */
interface UncountedState {
  /** The key of the body, wrapped by the TPM for good. */
  readonly key: Bytes;
  readonly body: Bytes;
}

const FORMAT = 2;
const KEY_BYTES = 32;
const PURPOSE = new TextEncoder().encode('tallystick tee, sealed state without its age 1');

const uncountedState: Codec<UncountedState> = tagged<UncountedState>(FORMAT, {
  key: blob(LIMITS.messageBytes),
  body: blob(SEALED_BYTES),
});

/**
 * Seals to a TPM without the counter: nobody else's TPM opens a state, and any old state opens. It shows what the
 * counter contributes, and is for nothing else. Rejects with TpmFailure.
 */
export class UncountedSealer implements Sealer {
  readonly #tpm: OpenTpm;

  constructor(tpm: OpenTpm) {
    this.#tpm = tpm;
  }

  async open(sealed: Bytes): Promise<Result<SealedContent>> {
    const read = attempt(() => decodeBody(uncountedState, sealed));
    if (!read.ok) return err('TAMPERED', read.error.message);
    const key = await this.#tpm.unseal(read.value.key);
    if (key === null) return err('TAMPERED', 'the state was sealed by another TPM, or changed');
    return unseal(read.value.body, key, PURPOSE);
  }

  async seal(content: SealedContent): Promise<Bytes> {
    const secret = Uint8Array.from(randomBytes(KEY_BYTES));
    const body = seal(content, secret, PURPOSE);
    return encodeBody(uncountedState, { key: await this.#tpm.seal(secret), body });
  }

  confirm(): Promise<void> {
    return Promise.resolve();
  }

  counts(): Promise<Result<boolean>> {
    return Promise.resolve(ok(false));
  }
}
