import {
  blob,
  type Bytes,
  type Codec,
  encodeBody,
  fixed,
  LIMITS,
  sha256,
  tagged,
  tuple,
  uint,
} from '@tallystick/protocol';
import { SEALED_BYTES } from '../isolated/content.ts';
import { extended, NV_CHAIN, NV_COUNTER } from '../tpm/nv.ts';
import type { NvCondition } from '../tpm/policy.ts';
import { TpmWriter } from '../tpm/structures.ts';

/** Two indices in a TPM: a counter, and a chain that takes up the digest of each state as that begins to count. */
export interface Place {
  readonly counter: number;
  readonly chain: number;
}

/** How often the counter of a place has counted, and what its chain has come to. */
export interface Standing extends Place {
  readonly count: number;
  readonly value: Bytes;
}

/** Under what a state is sealed: after which state it comes, and how the counter stands when it counts. */
interface Voucher extends Place {
  readonly count: number;
  /** What the chain was before it took this state up. */
  readonly before: Bytes;
}

/** A sealed state as it is stored. */
export interface VouchedState {
  readonly voucher: Voucher;
  /** The key of the body, wrapped by the TPM for as long as it vouches for this state. */
  readonly key: Bytes;
  readonly body: Bytes;
}

const FORMAT = 1;
const handle = uint(0xffff_ffff);

const voucher: Codec<Voucher> = tuple<Voucher>({
  counter: handle,
  chain: handle,
  count: uint(Number.MAX_SAFE_INTEGER),
  before: fixed(32),
});

export const vouchedState: Codec<VouchedState> = tagged<VouchedState>(FORMAT, {
  voucher,
  key: blob(LIMITS.messageBytes),
  body: blob(SEALED_BYTES),
});

/** The voucher of the state after one. */
export function voucherAfter({ counter, chain, count, value }: Standing): Voucher {
  return { counter, chain, count: count + 1, before: value };
}

/** What of a state the chain takes up. */
export function digestOf({ body }: Pick<VouchedState, 'body'>): Bytes {
  return sha256(body);
}

/** Where counter and chain stand when a state counts. */
export function standingOf({
  voucher: { counter, chain, count, before },
  body,
}: Pick<VouchedState, 'voucher' | 'body'>): Standing {
  return { counter, chain, count, value: extended(before, digestOf({ body })) };
}

/** What the TPM itself checks before it gives the key of a state back. */
export function conditionsOf({ counter, chain, count, value }: Standing): readonly NvCondition[] {
  return [
    { made: NV_CHAIN, handle: chain, value },
    { made: NV_COUNTER, handle: counter, value: new TpmWriter().u64(count).done() },
  ];
}

const PURPOSE = new TextEncoder().encode('tallystick tee, sealed state 1');

/** What a body is sealed for: this environment, and this voucher. */
export function purposeOf(value: Voucher): Bytes {
  return sha256(PURPOSE, encodeBody(voucher, value));
}
