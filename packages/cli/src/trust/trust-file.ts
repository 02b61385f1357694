import {
  ALGORITHMS,
  attempt,
  type AuthorityCertificate,
  type Bytes,
  checkAuthority,
  checkCertificate,
  checkPolicy,
  checkStatusList,
  decodeAuthority,
  decodeCertificate,
  decodePurseCertificate,
  decodeSigned,
  fromHex,
  NO_EXTERNAL,
  OPERATOR,
  type Policy,
  type PublicKey,
  type PurseCertificate,
  reject,
  type Result,
  runChecking,
  STATUS_LIST_TYPE,
  type StatusList,
  toHex,
  type TrustAnchor,
  type TrustStore,
  keyOfText,
  type KeyText,
  LIMITS,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';

/** A scheme's root with what was signed under it, as `serve` and `demo` write it and `inspect` reads it. */
interface TrustFile {
  readonly scheme: string;
  readonly root: KeyText;
  /** Whoever publishes the trusted application (TS-IMG-1), where that is known. */
  readonly publisher: KeyText | null;
  /** Authorities, issuing keys, and purses where they are known, in hex. */
  readonly certificates: readonly string[];
  /** The newest risk policy and status list, in hex. */
  readonly policy: string | null;
  readonly list: string | null;
}

/** What messages are verified against. Everything in it leads to the root, but for the publisher. */
export interface Trust {
  readonly store: TrustStore;
  readonly publisher: PublicKey | null;
  /** Purse and issuing certificates by hex reference. */
  readonly known: ReadonlyMap<string, PurseCertificate>;
  readonly policy: Policy | null;
  readonly list: StatusList | null;
}

/**
 * Reads a trust file; only its root and publisher are believed, everything else must be signed under the root.
 * Errors: BAD_FIELD for a wrong shape, and the protocol's codes for a certificate that fails.
 */
export function readTrust(json: string): Result<Trust> {
  return attempt(() => {
    const file = parse(json);
    const anchor: TrustAnchor = { scheme: file.scheme, key: keyOfText(file.root) };
    const authorities = readAuthorities(file, anchor);
    const store: TrustStore = { anchor, authorities };
    const known = readCertificates(file, store);
    const { publisher, policy, list } = file;
    return {
      store,
      publisher: publisher === null ? null : keyOfText(publisher),
      known,
      policy:
        policy === null ? null : runChecking(checkPolicy(bytesOf(policy), anchor), softwareVerify),
      list: list === null ? null : readList(bytesOf(list), store, known),
    };
  });
}

function readAuthorities(
  file: TrustFile,
  anchor: TrustAnchor,
): ReadonlyMap<string, AuthorityCertificate> {
  const authorities = new Map<string, AuthorityCertificate>();
  for (const wire of file.certificates.map(bytesOf)) {
    if (!isAuthority(wire)) continue;
    const authority = decodeAuthority(wire);
    runChecking(checkAuthority(authority, anchor), softwareVerify);
    authorities.set(toHex(authority.ref), authority);
  }
  return authorities;
}

function readCertificates(
  file: TrustFile,
  store: TrustStore,
): ReadonlyMap<string, PurseCertificate> {
  const known = new Map<string, PurseCertificate>();
  for (const wire of file.certificates.map(bytesOf)) {
    if (isAuthority(wire)) continue;
    const certificate = decodePurseCertificate(wire);
    runChecking(checkCertificate(certificate, store, 0), softwareVerify);
    known.set(toHex(certificate.ref), certificate);
  }
  return known;
}

function isAuthority(wire: Bytes): boolean {
  return 'scheme' in decodeCertificate(wire).profile;
}

/** A list counts only when an issuing key of the operator signed it (TS-LST-1). */
function readList(
  wire: Bytes,
  store: TrustStore,
  known: ReadonlyMap<string, PurseCertificate>,
): StatusList {
  const { kid } = decodeSigned(wire, NO_EXTERNAL, {
    typ: STATUS_LIST_TYPE,
    maxBytes: LIMITS.listBytes + 1024,
  });
  const signer = known.get(toHex(kid)) ?? reject('UNKNOWN_CERTIFICATE', 'signer of the list');
  const authority = store.authorities.get(toHex(signer.signed.kid));
  if (authority?.profile.role !== OPERATOR) return reject('WRONG_ROLE', 'signer of the list');
  return runChecking(checkStatusList(wire, signer), softwareVerify);
}

function parse(json: string): TrustFile {
  const value = parseJson(json);
  return isTrustFile(value)
    ? value
    : reject('BAD_FIELD', 'a trust file has scheme, root, certificates, policy and list');
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return reject('BAD_FIELD', 'a trust file is JSON');
  }
}

function isTrustFile(value: unknown): value is TrustFile {
  if (typeof value !== 'object' || value === null) return false;
  const { scheme, root, publisher, certificates, policy, list } = value as Partial<TrustFile>;
  return (
    typeof scheme === 'string' &&
    isKeyText(root) &&
    (publisher === null || isKeyText(publisher)) &&
    Array.isArray(certificates) &&
    certificates.every((each) => typeof each === 'string') &&
    [policy, list].every((each) => each === null || typeof each === 'string')
  );
}

function isKeyText(value: Partial<KeyText> | undefined): value is KeyText {
  return typeof value?.algorithm === 'string' && typeof value.key === 'string';
}

function bytesOf(hex: string): Bytes {
  return fromHex(hex) ?? reject('BAD_FIELD', 'a trust file holds hex');
}

/** What is known of a scheme, as bytes, to be written down. */
export interface Known {
  readonly anchor: TrustAnchor;
  readonly publisher: PublicKey | null;
  readonly certificates: readonly Bytes[];
  readonly policy: Bytes | null;
  readonly list: Bytes | null;
}

/** The text of a trust file. */
export function writeTrust({ anchor, publisher, certificates, policy, list }: Known): string {
  const file: TrustFile = {
    scheme: anchor.scheme,
    root: textOf(anchor.key),
    publisher: publisher === null ? null : textOf(publisher),
    certificates: certificates.map(toHex),
    policy: policy === null ? null : toHex(policy),
    list: list === null ? null : toHex(list),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function textOf({ alg, bytes }: PublicKey): KeyText {
  return { algorithm: ALGORITHMS[alg].name, key: toHex(bytes) };
}
