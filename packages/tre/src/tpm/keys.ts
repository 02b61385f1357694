import {
  type Bytes,
  ES256,
  normaliseSignature,
  type PublicKey,
  publicKey,
} from '@tallystick/protocol';
import type { Tpm } from './client.ts';
import { ALG, CC, HANDLE } from './constants.ts';
import { type NvCondition, policyOf, policySession } from './policy.ts';
import { TpmFailure, TpmReader, TpmWriter } from './structures.ts';

const P256 = 0x0003;
const HASH_CHECK = 0x8024;

/** TPMA_OBJECT bits (Part 2, 8.3). */
const BIT = {
  fixedTpm: 1 << 1,
  fixedParent: 1 << 4,
  sensitiveDataOrigin: 1 << 5,
  userWithAuth: 1 << 6,
  noDa: 1 << 10,
  restricted: 1 << 16,
  decrypt: 1 << 17,
  sign: 1 << 18,
} as const;

const NOBODY_ELSE = BIT.fixedTpm | BIT.fixedParent | BIT.sensitiveDataOrigin | BIT.userWithAuth;

/**
 * The storage key: the TPM makes the same one from its owner seed each time (TCG provisioning guidance,
 * ECC storage primary), so that nothing of it need be kept. It wraps what lies outside the TPM.
 */
const STORAGE_TEMPLATE: Bytes = eccTemplate(
  NOBODY_ELSE | BIT.noDa | BIT.restricted | BIT.decrypt,
  new TpmWriter().u16(ALG.aes).u16(128).u16(ALG.cfb).u16(ALG.null),
);

/** A key that signs whatever it is given, and never leaves this TPM unwrapped. */
const SIGNING_TEMPLATE: Bytes = eccTemplate(
  NOBODY_ELSE | BIT.noDa | BIT.sign,
  new TpmWriter().u16(ALG.null).u16(ALG.ecdsa).u16(ALG.sha256),
);

/** A key that signs only what the TPM says of itself and of what is in it. */
const ATTESTATION_TEMPLATE: Bytes = eccTemplate(
  NOBODY_ELSE | BIT.noDa | BIT.restricted | BIT.sign,
  new TpmWriter().u16(ALG.null).u16(ALG.ecdsa).u16(ALG.sha256),
);

/** Bytes that are given back as they are: to whoever may use this TPM, or while a policy holds. */
function dataTemplate(policy: Bytes | null): Bytes {
  const attributes = BIT.fixedTpm | BIT.fixedParent | BIT.noDa;
  return new TpmWriter()
    .u16(ALG.keyedHash)
    .u16(ALG.sha256)
    .u32(policy === null ? attributes | BIT.userWithAuth : attributes)
    .sized(policy ?? new Uint8Array(0))
    .u16(ALG.null)
    .u16(0)
    .done();
}

/** TPMT_PUBLIC of a P-256 key; `scheme` holds symmetric algorithm and signing scheme. */
function eccTemplate(attributes: number, scheme: TpmWriter): Bytes {
  return new TpmWriter()
    .u16(ALG.ecc)
    .u16(ALG.sha256)
    .u32(attributes)
    .u16(0)
    .bytes(scheme.done())
    .u16(P256)
    .u16(ALG.null)
    .u16(0)
    .u16(0)
    .done();
}

/** A key, or data, as it lies outside the TPM: the private part is wrapped by the storage key. */
export interface WrappedKey {
  /** TPMT_PUBLIC. */
  readonly area: Bytes;
  /** TPM2B_PRIVATE's content. */
  readonly wrapped: Bytes;
}

/** A key that is loaded: its handle, to be flushed, and its TPMT_PUBLIC. */
export interface LoadedKey {
  readonly handle: number;
  readonly area: Bytes;
}

/** Loads the storage key, whose public area is this TPM's alone. */
export function loadStorageKey(tpm: Tpm): Promise<LoadedKey> {
  return loadPrimary(tpm, HANDLE.owner, STORAGE_TEMPLATE);
}

/** Loads the attestation key: it signs what the TPM itself says, and nothing else. */
export function loadAttestationKey(tpm: Tpm): Promise<LoadedKey> {
  return loadPrimary(tpm, HANDLE.owner, ATTESTATION_TEMPLATE);
}

/** A key that the TPM makes anew from the seed of a hierarchy: the same one from the same template. */
export async function loadPrimary(
  tpm: Tpm,
  hierarchy: number,
  template: Bytes,
): Promise<LoadedKey> {
  const { handles, parameters } = await tpm.run({
    code: CC.createPrimary,
    handles: [hierarchy],
    sessions: [HANDLE.password],
    parameters: creation(template),
    givesHandles: 1,
  });
  return { handle: handleOf(handles), area: parameters.sized() };
}

/** Makes a P-256 signing key under the storage key. */
export function createSigningKey(tpm: Tpm, storage: number): Promise<WrappedKey> {
  return create(tpm, storage, creation(SIGNING_TEMPLATE));
}

/** Wraps data under the storage key, at most 128 bytes, to be given back while conditions hold. */
export function sealData(
  tpm: Tpm,
  storage: number,
  data: Bytes,
  conditions: readonly NvCondition[],
): Promise<WrappedKey> {
  const policy = conditions.length === 0 ? null : policyOf(conditions);
  return create(tpm, storage, creation(dataTemplate(policy), data));
}

async function create(tpm: Tpm, storage: number, parameters: Bytes): Promise<WrappedKey> {
  const response = await tpm.run({
    code: CC.create,
    handles: [storage],
    sessions: [HANDLE.password],
    parameters,
  });
  const wrapped = response.parameters.sized();
  const area = response.parameters.sized();
  return { area, wrapped };
}

/** TPM2_Create's and TPM2_CreatePrimary's parameters: no password, no PCRs. */
function creation(template: Bytes, data: Bytes = new Uint8Array(0)): Bytes {
  const sensitive = new TpmWriter().u16(0).sized(data).done();
  return new TpmWriter().sized(sensitive).sized(template).u16(0).u32(0).done();
}

/** The data in a loaded object. TPM_REFUSED where a condition does not hold. */
export async function unsealData(
  tpm: Tpm,
  handle: number,
  conditions: readonly NvCondition[],
): Promise<Bytes> {
  const session = conditions.length === 0 ? HANDLE.password : await policySession(tpm, conditions);
  const { parameters } = await tpm.run({
    code: CC.unseal,
    handles: [handle],
    sessions: [session],
  });
  return parameters.sized();
}

/** Loads a wrapped key; its handle, to be flushed. TPM_REFUSED where this TPM did not wrap it. */
export async function loadKey(
  tpm: Tpm,
  storage: number,
  { area, wrapped }: WrappedKey,
): Promise<number> {
  const { handles } = await tpm.run({
    code: CC.load,
    handles: [storage],
    sessions: [HANDLE.password],
    parameters: new TpmWriter().sized(wrapped).sized(area).done(),
    givesHandles: 1,
  });
  return handleOf(handles);
}

/** Signs a SHA-256 digest; 64 bytes, low-S (TS-SIG-4). */
export async function signDigest(tpm: Tpm, key: number, digest: Bytes): Promise<Bytes> {
  const parameters = new TpmWriter()
    .sized(digest)
    .u16(ALG.ecdsa)
    .u16(ALG.sha256)
    // That the TPM hashed it itself is asked of restricted keys only.
    .u16(HASH_CHECK)
    .u32(HANDLE.none)
    .u16(0)
    .done();
  const response = await tpm.run({
    code: CC.sign,
    handles: [key],
    sessions: [HANDLE.password],
    parameters,
  });
  return readSignature(response.parameters);
}

/** TPMT_SIGNATURE as 64 bytes, low-S (TS-SIG-4). Throws TpmFailure for any other than ECDSA with SHA-256. */
export function readSignature(signature: TpmReader): Bytes {
  if (signature.u16() !== ALG.ecdsa || signature.u16() !== ALG.sha256) {
    throw new TpmFailure('TPM_MALFORMED', 'it signed with another algorithm');
  }
  const raw = new TpmWriter()
    .bytes(padded(signature.sized()))
    .bytes(padded(signature.sized()))
    .done();
  return normaliseSignature(ES256, raw);
}

/** The public key in a TPMT_PUBLIC of ours. Throws TpmFailure for anything else. */
export function publicOf(area: Bytes): PublicKey {
  const reader = new TpmReader(area);
  const head = reader.bytes(SIGNING_TEMPLATE.length - 4);
  const expected = SIGNING_TEMPLATE.subarray(0, -4);
  if (head.some((byte, at) => byte !== expected[at])) {
    throw new TpmFailure('TPM_MALFORMED', 'it is no signing key of P-256');
  }
  const x = padded(reader.sized());
  const y = padded(reader.sized());
  reader.end();
  return publicKey(ES256, Uint8Array.of(2 + ((y.at(-1) ?? 0) & 1), ...x));
}

/** A TPM leaves out leading zeros. */
function padded(value: Bytes): Bytes {
  if (value.length > 32) throw new TpmFailure('TPM_MALFORMED', 'a number is longer than the curve');
  const out = new Uint8Array(32);
  out.set(value, 32 - value.length);
  return out;
}

function handleOf([handle]: readonly number[]): number {
  if (handle === undefined) throw new TpmFailure('TPM_MALFORMED', 'it gave no handle');
  return handle;
}
