import {
  type Bytes,
  type Currency,
  decodeCertificate,
  decodePurseCertificate,
  type PurseCertificate,
  Rejection,
  type Seconds,
  toHex,
} from '@tallystick/protocol';
import type { Trust } from '../trust/trust-file.ts';

/** What is at hand to verify a message with. */
export interface Material {
  readonly trust: Trust | null;
  /** Purse and issuing certificates by hex reference; their chains are checked where they are used. */
  readonly certificates: ReadonlyMap<string, PurseCertificate>;
  /** The signed request that a payment answers. */
  readonly request: Bytes | null;
  /** The signed statement that covers a log. */
  readonly statement: Bytes | null;
  readonly now: Seconds;
}

/** The material with certificates that travel beside a message; what is not one is left out. */
export function withCertificates(material: Material, wires: readonly Bytes[]): Material {
  const certificates = new Map(material.certificates);
  for (const wire of wires) {
    const certificate = purseCertificate(wire);
    if (certificate !== null) certificates.set(toHex(certificate.ref), certificate);
  }
  return { ...material, certificates };
}

function purseCertificate(wire: Bytes): PurseCertificate | null {
  try {
    return 'scheme' in decodeCertificate(wire).profile ? null : decodePurseCertificate(wire);
  } catch (error) {
    if (error instanceof Rejection) return null;
    throw error;
  }
}

/** The one currency of the scheme, where a stored policy says it. */
export function currencyOfScheme(material: Material): Currency | null {
  return material.trust?.policy?.currency ?? null;
}
