import {
  type Algorithm,
  algorithmField,
  attempt,
  type AuthorityCertificate,
  blob,
  type Bytes,
  checkAuthority,
  type Codec,
  decodeAuthority,
  decodeCbor,
  encodeCbor,
  label,
  publicKey,
  runChecking,
  toHex,
  type TrustAnchor,
  type TrustStore,
  tuple,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import type { Store } from '../store/port.ts';
import { createShelf, type Shelf } from './shelf.ts';

interface AnchorBody {
  readonly scheme: string;
  readonly alg: Algorithm;
  readonly key: Bytes;
}

const anchorBody: Codec<AnchorBody> = tuple<AnchorBody>({
  scheme: label(),
  alg: algorithmField,
  key: blob(2_000, 32),
});
const ANCHOR = 'anchor';

/** Where the certificates of the operator and the participants stand on the shelf. */
export const CERTIFICATES = 'certificate/';

/** Notes the scheme's root beside the ledger, for those who only want to check. */
export async function noteAnchor(shelf: Shelf, { scheme, key }: TrustAnchor): Promise<void> {
  const body = { scheme, alg: key.alg, key: key.bytes };
  await shelf.putIfAbsent(ANCHOR, encodeCbor(anchorBody.encode(body)));
}

/**
 * The trust store of the scheme that a store belongs to, without touching its keys; null when it
 * belongs to none yet. What the noted root has not signed is not in it.
 */
export async function readTrust(store: Pick<Store, 'exclusive'>): Promise<TrustStore | null> {
  const shelf = createShelf(store);
  const noted = await shelf.get(ANCHOR);
  if (noted === null) return null;
  const { scheme, alg, key } = anchorBody.decode(decodeCbor(noted), ANCHOR);
  const anchor = { scheme, key: publicKey(alg, key) };
  const certificates = await shelf.list(CERTIFICATES);
  const genuine = certificates.flatMap((wire) => checked(wire, anchor) ?? []);
  return { anchor, authorities: new Map(genuine.map((each) => [toHex(each.ref), each])) };
}

function checked(wire: Bytes, anchor: TrustAnchor): AuthorityCertificate | null {
  const outcome = attempt(() => {
    const authority = decodeAuthority(wire);
    runChecking(checkAuthority(authority, anchor), softwareVerify);
    return authority;
  });
  return outcome.ok ? outcome.value : null;
}
