import {
  constants,
  createCipheriv,
  createHmac,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { type Bytes, concat, type Credential } from '@tallystick/protocol';

const SEED_BYTES = 32;
const IV_BYTES = 16;
/** Bits of the symmetric key of an endorsement key (TCG EK profile, template L-1), and of an HMAC with SHA-256. */
const STORAGE_BITS = 128;
const INTEGRITY_BITS = 256;

const text = (label: string): Bytes => new TextEncoder().encode(`${label}\0`);
const u16 = (value: number): Bytes => Uint8Array.of(value >>> 8, value & 0xff);
const u32 = (value: number): Bytes => concat(u16(value >>> 16), u16(value & 0xffff));

/**
 * Hides a secret so that only a TPM gets at it which has both the endorsement key and an object of that
 * name (TPM 2.0 Part 1, 24: what TPM2_MakeCredential does).
 */
export function makeCredential(endorsementKey: KeyObject, name: Bytes, hidden: Bytes): Credential {
  const seed = randomBytes(SEED_BYTES);
  const secret = publicEncrypt(
    {
      key: endorsementKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
      oaepLabel: text('IDENTITY'),
    },
    seed,
  );
  const storageKey = derived(seed, 'STORAGE', name, STORAGE_BITS);
  const cipher = createCipheriv('aes-128-cfb', storageKey, new Uint8Array(IV_BYTES));
  const body = concat(cipher.update(concat(u16(hidden.length), hidden)), cipher.final());
  const integrityKey = derived(seed, 'INTEGRITY', new Uint8Array(0), INTEGRITY_BITS);
  const mac = createHmac('sha256', integrityKey).update(body).update(name).digest();
  return { object: concat(u16(mac.length), mac, body), secret: Uint8Array.from(secret) };
}

/** KDFa with SHA-256 (Part 1, 11.4.10.2), for keys of at most one block; the other party has no name in it. */
function derived(seed: Bytes, label: string, context: Bytes, bits: number): Bytes {
  const block = createHmac('sha256', seed)
    .update(u32(1))
    .update(text(label))
    .update(context)
    .update(u32(bits))
    .digest();
  return Uint8Array.from(block.subarray(0, bits / 8));
}
