import { createHash } from 'node:crypto';
import { type Bytes, concat, equal, ES256, type PublicKey, publicKey } from '@tallystick/protocol';
import { NotSo } from '../not-so.ts';

/** Algorithms, attributes and tags (TPM 2.0 Part 2: 6.3, 6.9, 8.3, 13.4). */
const ECC = 0x23;
const SHA256 = 0x0b;
const ECDSA = 0x18;
const NULL = 0x10;
const P256 = 0x03;
const GENERATED = 0xff54_4347;

/** fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, noDA; sign. */
const SIGNING = 0x0004_0472;
/** The same, restricted to what the TPM says itself. */
const ATTESTING = 0x0005_0472;
/** What a TPM can say with a key that is restricted: of a key, of registers, of non-volatile memory. */
export const SAYS = { key: 0x8017, registers: 0x8018, memory: 0x8014 } as const;

const u16 = (value: number): Bytes => Uint8Array.of(value >>> 8, value & 0xff);
const u32 = (value: number): Bytes => concat(u16(value >>> 16), u16(value & 0xffff));

/** Reads big-endian fields one after the other; anything short is {@link NotSo}. */
export class Fields {
  readonly #bytes: Bytes;
  readonly #what: string;
  #at = 0;

  constructor(bytes: Bytes, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  take(length: number): Bytes {
    const field = this.#bytes.slice(this.#at, this.#at + length);
    if (field.length < length) throw new NotSo(`${this.#what} ends too early`);
    this.#at += length;
    return field;
  }

  number(length: number): number {
    return this.take(length).reduce((sum, byte) => sum * 0x100 + byte, 0);
  }

  /** Bytes behind two bytes of length. */
  sized(): Bytes {
    return this.take(this.number(2));
  }

  expect(expected: Bytes, why: string): void {
    if (!equal(this.take(expected.length), expected)) throw new NotSo(why);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new NotSo(`${this.#what} is longer than it says`);
  }
}

/** The P-256 key in a TPMT_PUBLIC, made in the TPM, never to leave it, that signs what it is given. */
export function signingKey(area: Bytes): PublicKey {
  return eccKey(area, SIGNING, 'the enrolled key');
}

/** The same, of a key that signs only what the TPM says itself. */
export function attestationKey(area: Bytes): PublicKey {
  return eccKey(area, ATTESTING, 'the attestation key');
}

function eccKey(area: Bytes, attributes: number, what: string): PublicKey {
  const fields = new Fields(area, what);
  const head = concat(u16(ECC), u16(SHA256), u32(attributes), u16(0), u16(NULL));
  const kind = concat(head, u16(ECDSA), u16(SHA256), u16(P256), u16(NULL));
  fields.expect(kind, `${what} is of another kind, or could leave the TPM`);
  const x = fields.sized();
  const y = fields.sized();
  fields.end();
  if (x.length > 32 || y.length > 32 || y.length === 0) throw new NotSo(`${what} is no point`);
  const left = new Uint8Array(32 - x.length);
  return publicKey(ES256, concat(Uint8Array.of(2 + ((y.at(-1) ?? 0) & 1)), left, x));
}

/** The name by which a TPM knows an object or an index: algorithm and digest of its public area (Part 1, 16). */
export function nameOf(area: Bytes): Bytes {
  return concat(u16(SHA256), sha256(area));
}

/** The name of a counter that any may raise and none may write (attributes of Part 2, 13.4). */
export function counterName(handle: number): Bytes {
  const attributes = (1 << 2) | (1 << 4) | (1 << 18) | (1 << 25) | (1 << 29);
  return nameOf(concat(u32(handle), u16(SHA256), u32(attributes), u16(0), u16(8)));
}

/** The part of a TPMS_ATTEST that depends on what is said; it must be about `about`. */
export function said(attest: Bytes, tag: number, about: Bytes): Fields {
  const fields = new Fields(attest, 'what the TPM says');
  fields.expect(u32(GENERATED), 'the statement is not of a TPM');
  fields.expect(u16(tag), 'the TPM says something else');
  fields.sized();
  if (!equal(fields.sized(), about)) throw new NotSo('the TPM says it of another enrolment');
  // Clock, resets, restarts, safe; firmware version: none of them is a reason to refuse.
  fields.take(17 + 8);
  return fields;
}

/** One selection: registers 0 to 7 of SHA-256. */
export const BOOT_REGISTERS: Bytes = concat(u32(1), u16(SHA256), Uint8Array.of(3, 0xff, 0, 0));

function sha256(bytes: Bytes): Bytes {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
