import {
  type Bytes,
  decodePurseCertificate,
  equal,
  type PurseCertificate,
} from '@tallystick/protocol';
import { derived } from './derived.ts';
import { currentKey, type OwnKey, type Purse } from './purse.ts';

const certificateIn = derived(decodePurseCertificate);

export function certificateOf(key: OwnKey): PurseCertificate {
  return certificateIn(key.certificate);
}

/** The certificate this purse signs under now. */
export function ownCertificate(purse: Purse): PurseCertificate {
  return certificateOf(currentKey(purse));
}

/** The own key with the certificate of this reference; undefined for a stranger's, or one long replaced. */
export function keyOf(purse: Purse, ref: Bytes): OwnKey | undefined {
  return purse.keys.find((key) => equal(certificateOf(key).ref, ref));
}

/**
 * A slot that none of these has. It must also not be that of a key whose certificate may still come:
 * a key made in a slot replaces the one that was there.
 */
export function freeSlot(used: readonly number[]): number {
  let slot = 0;
  while (used.includes(slot)) slot++;
  return slot;
}
