import { X509Certificate } from 'node:crypto';
import type { Bytes, Seconds } from '@tallystick/protocol';
import { NotSo } from './not-so.ts';

/**
 * The first certificate of a chain whose every link is issued by the next, up to a stored root: no path is
 * searched for, and nothing is fetched. It may be stored itself, as those of some authenticators are. Throws
 * {@link NotSo}.
 */
export function chained(
  chain: readonly Bytes[],
  roots: readonly X509Certificate[],
  now: Seconds,
): X509Certificate {
  const [first, ...issuers] = chain.map(parsed);
  if (first === undefined) throw new NotSo('there is no certificate');
  if (first.ca) throw new NotSo('the certificate is of an authority, not of a key');
  let top = first;
  demandValid(top, now);
  if (roots.some(({ raw }) => raw.equals(first.raw))) return first;
  for (const issuer of issuers) {
    if (!isIssued(top, issuer)) throw new NotSo('a certificate was not issued by the next');
    demandValid(issuer, now);
    top = issuer;
  }
  const root = roots.find((each) => isIssued(top, each));
  if (root === undefined) throw new NotSo('no maker that the scheme knows has issued it');
  demandValid(root, now);
  return first;
}

function parsed(der: Bytes): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch {
    throw new NotSo('a certificate cannot be read');
  }
}

function isIssued(below: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && below.checkIssued(issuer) && below.verify(issuer.publicKey);
}

function demandValid({ validFromDate, validToDate }: X509Certificate, now: Seconds): void {
  if (now * 1_000 < validFromDate.getTime() || now * 1_000 > validToDate.getTime()) {
    throw new NotSo('a certificate is not valid now');
  }
}
