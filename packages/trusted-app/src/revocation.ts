import {
  type Bytes,
  decodeStatusList,
  demand,
  equal,
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

/** Revoked indices by list payload: a payload is replaced, never edited, so it is unpacked once. */
const unpacked = new WeakMap<Bytes, readonly number[]>();

function revokedIn(list: Bytes): readonly number[] {
  const known = unpacked.get(list);
  if (known !== undefined) return known;
  const { revoked } = decodeStatusList(list);
  unpacked.set(list, revoked);
  return revoked;
}

/** Whether the stored status list, or a delta beyond it, revokes this index (TS-LST-4, TS-LST-8). */
export function isListed(purse: Purse, statusIndex: number): boolean {
  return contains(revokedIn(purse.list), statusIndex) || contains(purse.late, statusIndex);
}

/** Of these indices, ascending, those that the stored list itself does not revoke. */
export function beyondList(list: Bytes, indices: readonly number[]): readonly number[] {
  const revoked = revokedIn(list);
  return indices.filter((index) => !contains(revoked, index));
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
