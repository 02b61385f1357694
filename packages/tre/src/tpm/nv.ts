import { type Bytes, concat, sha256 } from '@tallystick/protocol';
import type { Tpm } from './client.ts';
import { ALG, CC, HANDLE } from './constants.ts';
import { TpmFailure, TpmWriter } from './structures.ts';

/** TPMA_NV bits (Part 2, 13.4). */
const BIT = {
  authWrite: 1 << 2,
  authRead: 1 << 18,
  /** Wrong passwords lock nothing: there is none. */
  noDa: 1 << 25,
  written: 1 << 29,
} as const;
const TYPE_AT = 4;
/** A part of what the TCG leaves to a TPM's owner (registry of reserved handles). */
const FIRST_HANDLE = 0x0181_5400;
const HANDLES_MAX = 256;
const DEFINED_ALREADY = 0x14c;

/** What an index of non-volatile memory is made for. */
export interface NvKind {
  readonly attributes: number;
  readonly bytes: number;
}

/** Only ever grows; a new one starts where the highest that this TPM ever had left off. */
export const NV_COUNTER: NvKind = kind(1, 8);

/** Each extension hashes itself onto what was there before: none of it can be undone, or put in another order. */
export const NV_CHAIN: NvKind = kind(4, 32);

function kind(type: number, bytes: number): NvKind {
  return { attributes: BIT.authRead | BIT.authWrite | BIT.noDa | (type << TYPE_AT), bytes };
}

/** TPMS_NV_PUBLIC. */
function areaOf({ attributes, bytes }: NvKind, handle: number, more = 0): Bytes {
  return new TpmWriter()
    .u32(handle)
    .u16(ALG.sha256)
    .u32(attributes | more)
    .u16(0)
    .u16(bytes)
    .done();
}

/** The name of an index that was written: what a policy knows it by (Part 1, 16). */
export function nvName(made: NvKind, handle: number): Bytes {
  return concat(new TpmWriter().u16(ALG.sha256).done(), sha256(areaOf(made, handle, BIT.written)));
}

/** Makes an index under the first handle that is free; its handle. */
export async function defineIndex(tpm: Tpm, made: NvKind): Promise<number> {
  for (let handle = FIRST_HANDLE; handle < FIRST_HANDLE + HANDLES_MAX; handle++) {
    try {
      await tpm.run({
        code: CC.nvDefineSpace,
        handles: [HANDLE.owner],
        sessions: [HANDLE.password],
        parameters: new TpmWriter().u16(0).sized(areaOf(made, handle)).done(),
      });
      return handle;
    } catch (error) {
      if (!(error instanceof TpmFailure && error.responseCode === DEFINED_ALREADY)) throw error;
    }
  }
  throw new TpmFailure('TPM_REFUSED', `all ${HANDLES_MAX} places for counters are taken in it`);
}

/** What a TPM's owner may do at any time: an index, and what was in it, are gone. */
export async function undefineIndex(tpm: Tpm, handle: number): Promise<void> {
  await tpm.run({
    code: CC.nvUndefineSpace,
    handles: [HANDLE.owner, handle],
    sessions: [HANDLE.password],
  });
}

export function incrementCounter(tpm: Tpm, handle: number): Promise<void> {
  return onIndex(tpm, CC.nvIncrement, handle);
}

export function extendChain(tpm: Tpm, handle: number, data: Bytes): Promise<void> {
  return onIndex(tpm, CC.nvExtend, handle, new TpmWriter().sized(data).done());
}

/** The value after an extension. */
export function extended(before: Bytes, data: Bytes): Bytes {
  return sha256(before, data);
}

export async function readIndex(tpm: Tpm, { bytes }: NvKind, handle: number): Promise<Bytes> {
  const { parameters } = await tpm.run({
    code: CC.nvRead,
    handles: [handle, handle],
    sessions: [HANDLE.password],
    parameters: new TpmWriter().u16(bytes).u16(0).done(),
  });
  return parameters.sized();
}

async function onIndex(tpm: Tpm, code: number, handle: number, parameters?: Bytes): Promise<void> {
  await tpm.run({
    code,
    handles: [handle, handle],
    sessions: [HANDLE.password],
    ...(parameters === undefined ? {} : { parameters }),
  });
}
