import {
  type Bytes,
  decodeStatusList,
  demand,
  equal,
  isStatusSet,
  LIMITS,
  type PurseCertificate,
  STATUS_LIST_TYPE,
  toHex,
} from '@tallystick/protocol';
import type { Purse } from './purse.ts';

/** How a status list differs from other signed messages: its header type, and its length. */
export const LIST_FORM: { readonly typ: string; readonly maxBytes: number } = {
  typ: STATUS_LIST_TYPE,
  maxBytes: LIMITS.listBytes + 1024,
};

/** Status bits by list payload: a payload is replaced, never edited, so it is unpacked once. */
const unpacked = new WeakMap<Bytes, Bytes>();

/** The status bits of a list payload. Rejects with the codes of its packed bits. */
function bitsOf(list: Bytes): Bytes {
  const known = unpacked.get(list);
  if (known !== undefined) return known;
  const { bits } = decodeStatusList(list);
  unpacked.set(list, bits);
  return bits;
}

/** Whether the stored status list, or a delta beyond it, revokes this index (TS-LST-4, TS-LST-8). */
export function isListed(purse: Purse, statusIndex: number): boolean {
  return isStatusSet(bitsOf(purse.list), statusIndex) || contains(purse.late, statusIndex);
}

/**
 * Of these indices, those that the list itself does not revoke. Unpacks the list, whatever there is to
 * look up. Rejects with the codes of its packed bits.
 */
export function beyondList(list: Bytes, indices: readonly number[]): readonly number[] {
  const bits = bitsOf(list);
  return indices.filter((index) => !isStatusSet(bits, index));
}

function contains(sorted: readonly number[], statusIndex: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] ?? statusIndex;
    if (value === statusIndex) return true;
    if (value < statusIndex) low = middle + 1;
    else high = middle;
  }
  return false;
}

export function isBanned(purse: Purse, ref: Bytes): boolean {
  return purse.bans.some((ban) => equal(ban.ref, ref));
}

/** A certificate that may take part in payments: neither revoked nor banned (TS-LST-4). */
export function demandNotRevoked(purse: Purse, certificate: PurseCertificate): void {
  const { profile, ref } = certificate;
  demand(!isListed(purse, profile.statusIndex), 'REVOKED', toHex(ref));
  // GUARD proof-bans (rule 9): a fork that is proven in the street ends there.
  demand(!isBanned(purse, ref), 'REVOKED', 'a fork proof names it');
}
