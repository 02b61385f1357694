import {
  type Bytes,
  decodePayload,
  decodePurseCertificate,
  type Exhibit,
  encodeProof,
  equal,
  payment as paymentCodec,
  recordId,
  requestDigest,
  type Seconds,
  type Signed,
  toHex,
} from '@tallystick/protocol';
import { Recent } from './recent.ts';

/** Accepted payments remembered: about 200 bytes each. */
const REMEMBERED = 1_024;

interface Seen {
  readonly id: Bytes;
  readonly exhibit: Exhibit;
  /** Of the payer's certificate. */
  readonly expires: Seconds;
}

/** A payment as it was presented, with the digest of the request it was read against. */
export interface Presented {
  readonly signed: Signed;
  readonly payment: Bytes;
  readonly request: Bytes;
}

/**
 * Remembers where in their payers' logs accepted payments stand. Two payments at one position are a
 * fork, and the two signatures prove it (INV-ONCE): whoever spends one balance twice at one counter
 * is caught there and then.
 */
export class Witness {
  readonly #seen = new Recent<Seen>(REMEMBERED);

  /** A proof, if another payment of the same certificate stands at the same position. */
  objection(presented: Presented, certificate: Bytes): Bytes | null {
    const seen = this.#seen.get(placeOf(presented));
    if (seen === undefined || equal(seen.id, recordId(presented.signed))) return null;
    return encodeProof({
      kind: 1,
      certificate,
      first: seen.exhibit,
      second: exhibitOf(presented),
    });
  }

  /** Remembers a payment that the purse has accepted, and so verified, with its certificate. */
  remember(presented: Presented, certificate: Bytes): void {
    const id = recordId(presented.signed);
    const { expires } = decodePurseCertificate(certificate);
    this.#seen.set(placeOf(presented), { id, exhibit: exhibitOf(presented), expires });
  }

  /** Forgets payers from whom nothing is accepted any more (TS-FRK-6). */
  forget(floor: Seconds): void {
    this.#seen.deleteWhere(({ expires }) => floor >= expires);
  }
}

function placeOf({ signed }: Presented): string {
  return `${toHex(signed.kid)}/${decodePayload(signed.payload, paymentCodec, 'payment').seq}`;
}

function exhibitOf({ payment, request }: Presented): Exhibit {
  return { external: requestDigest(request), record: payment };
}
