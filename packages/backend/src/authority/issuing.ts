import {
  type AuthorityCertificate,
  type Bytes,
  decodePurseCertificate,
  ES256,
  NO_EXTERNAL,
  type PurseCertificate,
  request,
  type Seconds,
  encodeCbor,
  sha256,
  toHex,
} from '@tallystick/protocol';
import type { Scheme } from '../scheme/scheme.ts';
import type { CertificateRow } from '../store/rows.ts';
import { certifyPurse, issuerProfile, signWith } from './certificates.ts';
import type { KeyRing, SigningKey } from './keys.ts';
import type { Shelf } from './shelf.ts';
import { issuingIndex } from './status-index.ts';

/** The key of tier 0 that a party signs with (TS-CRT-6). */
export interface IssuingKey {
  readonly certificate: PurseCertificate;
  readonly wire: Bytes;
  readonly signer: SigningKey;
  /** Static code by which purses pay money back (TS-PAY-12). */
  readonly unloadCode: Bytes;
  /** This key's certificate and those before it: money may still come to their codes. */
  readonly rows: readonly CertificateRow[];
}

interface Owner {
  readonly code: string;
  /** 0 for the operator, then the participants in the scheme's order. */
  readonly index: number;
  readonly authority: AuthorityCertificate;
  readonly signer: SigningKey;
}

/**
 * Finds a party's issuing keys, and makes the next one when none is left that outlives a purse
 * certificate issued today.
 */
export async function openIssuingKeys(
  options: { readonly scheme: Scheme; readonly keys: KeyRing; readonly clock: () => Seconds },
  shelf: Shelf,
  owner: Owner,
): Promise<IssuingKey> {
  const { scheme, keys, clock } = options;
  const { purse, acceptancePoint } = scheme.certificateSeconds;
  const neededUntil = clock() + Math.max(purse, acceptancePoint);
  const rows: CertificateRow[] = [];
  for (let generation = 1; ; generation++) {
    const name = `issuing/${owner.code}/${generation}`;
    const stored = await shelf.get(name);
    if (stored === null && (rows.at(-1)?.expires ?? 0) >= neededUntil) break;
    const signer = await keys.key(name, ES256);
    const wire =
      stored ??
      (await shelf.putIfAbsent(name, await certify(scheme, owner, generation, signer, clock())));
    rows.push(rowOf(wire, owner.code));
    if (stored === null) break;
  }
  const newest = rows.length;
  const wire = rows.at(-1)?.wire ?? new Uint8Array(0);
  const certificate = decodePurseCertificate(wire);
  const signer = await keys.key(`issuing/${owner.code}/${newest}`, ES256);
  const unloadCode = await openUnloadCode(scheme, shelf, { certificate, signer });
  return { certificate, wire, signer, unloadCode, rows };
}

function certify(
  scheme: Scheme,
  owner: Owner,
  generation: number,
  signer: SigningKey,
  now: Seconds,
): Promise<Bytes> {
  return certifyPurse(
    { certificate: owner.authority, signer: owner.signer },
    {
      key: signer.key,
      expires: Math.min(now + scheme.certificateSeconds.issuer, owner.authority.expires),
      subject: owner.code,
      profile: issuerProfile(issuingIndex(owner.index, generation)),
    },
  );
}

function rowOf(wire: Bytes, participant: string): CertificateRow {
  const { ref, profile, key, expires } = decodePurseCertificate(wire);
  return {
    ref: toHex(ref),
    purse: null,
    participant,
    fromSeq: 1,
    statusIndex: profile.statusIndex,
    alg: key.alg,
    key: key.bytes,
    expires,
    wire,
  };
}

/** Stored, since a signature need not come out the same twice, and devices keep the code. */
async function openUnloadCode(
  scheme: Scheme,
  shelf: Shelf,
  of: { readonly certificate: PurseCertificate; readonly signer: SigningKey },
): Promise<Bytes> {
  const { certificate, signer } = of;
  const place = `unload-code/${toHex(certificate.ref)}`;
  const stored = await shelf.get(place);
  if (stored !== null) return stored;
  const digest = sha256(certificate.id);
  const payload = encodeCbor(
    request.encode({
      currency: scheme.currency,
      amount: null,
      expires: certificate.expires,
      // One code for each issuing key: what makes it different is the key itself.
      nonce: digest.slice(0, 8),
      tag: digest.slice(8, 16),
      isStatic: true,
    }),
  );
  const { alg } = signer.key;
  const code = await signWith(signer, {
    alg,
    kid: certificate.ref,
    external: NO_EXTERNAL,
    payload,
  });
  return shelf.putIfAbsent(place, code);
}
