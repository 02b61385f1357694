import {
  type Algorithm,
  algorithmField,
  attempt,
  type Bytes,
  blob,
  type Codec,
  decodeCbor,
  encodeCbor,
  err,
  LIMITS,
  list,
  nullable,
  type Result,
  tagged,
  tuple,
  uint,
} from '@tallystick/protocol';

/** A private key inside a sealed state. */
interface SealedKey {
  readonly slot: number;
  readonly alg: Algorithm;
  /** As its kind writes it: PKCS #8, wrapped by a TPM, or the public half where the browser has the key itself. */
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

/** A state that an environment has sealed: keys and a manifest go under the seal with it. */
export const SEALED_BYTES: number = LIMITS.stateBytes + 2 * LIMITS.messageBytes;

const FORMAT = 1;

const content: Codec<SealedContent> = tagged<SealedContent>(FORMAT, {
  state: nullable(blob(LIMITS.stateBytes)),
  keys: list(
    tuple<SealedKey>({ slot: uint(255), alg: algorithmField, secret: blob(512) }),
    LIMITS.ownCertificates * 2,
  ),
  manifest: nullable(blob(LIMITS.messageBytes)),
});

export function encodeContent(value: SealedContent): Bytes {
  return encodeCbor(content.encode(value));
}

/** Fails with TAMPERED: whoever sealed it wrote nothing else. */
export function decodeContent(bytes: Bytes): Result<SealedContent> {
  const read = attempt(() => content.decode(decodeCbor(bytes, SEALED_BYTES), 'sealed state'));
  return read.ok ? read : err('TAMPERED', read.error.message);
}
