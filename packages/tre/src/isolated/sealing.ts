import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type Bytes, concat, err, type Result } from '@tallystick/protocol';
import { decodeContent, encodeContent, type SealedContent } from './content.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/**
 * Seals with AES-256-GCM (NIST SP 800-38D): nonce, ciphertext, tag.
 *
 * @param purpose what it is for, and whatever else must be as it was when it is opened
 */
export function seal(value: SealedContent, key: Bytes, purpose: Bytes): Bytes {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(purpose);
  const body = cipher.update(encodeContent(value));
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
  return decodeContent(opened);
}
