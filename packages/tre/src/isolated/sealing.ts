import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  type Algorithm,
  algorithmField,
  attempt,
  type Bytes,
  blob,
  type Codec,
  concat,
  decodeCbor,
  encodeCbor,
  err,
  LIMITS,
  list,
  nullable,
  ok,
  type Result,
  tagged,
  tuple,
  uint,
} from '@tallystick/protocol';
import { SEALED_BYTES } from '../node/state-file.ts';

/** A private key inside a sealed state. */
interface SealedKey {
  readonly slot: number;
  readonly alg: Algorithm;
  /** As its kind writes it: PKCS #8, or wrapped by a TPM. */
  readonly secret: Bytes;
}

/** What an isolated element keeps, all of it under one seal. */
export interface SealedContent {
  /** The trusted application's own state; null before its first commit. */
  readonly state: Bytes | null;
  readonly keys: readonly SealedKey[];
  /** The signed manifest of the image that runs (TS-IMG-3); null before the first. */
  readonly manifest: Bytes | null;
}

export const EMPTY: SealedContent = { state: null, keys: [], manifest: null };

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

const content: Codec<SealedContent> = tagged<SealedContent>(FORMAT, {
  state: nullable(blob(LIMITS.stateBytes)),
  keys: list(
    tuple<SealedKey>({ slot: uint(255), alg: algorithmField, secret: blob(512) }),
    LIMITS.ownCertificates * 2,
  ),
  manifest: nullable(blob(LIMITS.messageBytes)),
});

/**
 * Seals with AES-256-GCM (NIST SP 800-38D): nonce, ciphertext, tag.
 *
 * @param purpose what it is for, and whatever else must be as it was when it is opened
 */
export function seal(value: SealedContent, key: Bytes, purpose: Bytes): Bytes {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(purpose);
  const body = cipher.update(encodeCbor(content.encode(value)));
  return concat(nonce, body, cipher.final(), cipher.getAuthTag());
}

/**
 * Opens what was sealed. Fails with TAMPERED for anything else: another key or purpose, a byte changed, a
 * part missing. An old seal opens like a new one: a seal alone is no protection against going back.
 */
export function unseal(sealed: Bytes, key: Bytes, purpose: Bytes): Result<SealedContent> {
  if (sealed.length < NONCE_BYTES + TAG_BYTES)
    return err('TAMPERED', 'the sealed state is too short');
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES))
    .setAAD(purpose)
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  let opened: Bytes;
  try {
    const body = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    opened = concat(body, decipher.final());
  } catch {
    return err('TAMPERED', 'the state was sealed under another key, or changed');
  }
  const read = attempt(() => content.decode(decodeCbor(opened, SEALED_BYTES), 'sealed state'));
  return read.ok ? ok(read.value) : err('TAMPERED', read.error.message);
}
