import {
  attempt,
  blob,
  type Bytes,
  type Codec,
  type Currency,
  decodeFrame,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  equal,
  LIMITS,
  type Request,
  request as requestCodec,
  type Seconds,
  sha256,
  toHex,
  tuple,
} from '@tallystick/protocol';
import { type PendingStore, Records } from '../pending-store.ts';

interface KeptCode {
  readonly code: Bytes;
}

const keptCode: Codec<KeptCode> = tuple<KeptCode>({ code: blob(LIMITS.frameBytes) });

/** A static code of this purse. */
export interface OwnCode {
  /** The frame, as printed. */
  readonly code: Bytes;
  /** Its signed request. */
  readonly request: Bytes;
  /** Reference of the certificate it names. */
  readonly payee: Bytes;
  readonly content: Request;
}

/** What a code that may be shown again has to ask for. */
export interface CodeOrder {
  readonly currency: Currency;
  /** Minor units, or null where the payer chooses. */
  readonly amount: bigint | null;
}

/** Codes kept at most; a payment is tried against each that names its purse. */
const CODES = 16;
/** A payment may be on its way for a while after its code has expired. */
const KEPT_SECONDS = 30 * 86_400;

/**
 * The static codes this purse has out. A payment for one names only its purse, not the code, so the
 * code is needed to read the payment; and what hangs on a wall outlives a restart.
 */
export class CodeShelf {
  readonly #records: Records<KeptCode>;

  constructor(store: PendingStore) {
    this.#records = new Records(store, 'code/', keptCode);
  }

  /** Keeps a code, in place of the ones that expired long ago or, if there are too many, soonest. */
  async keep(code: Bytes, now: Seconds): Promise<void> {
    const codes = (await this.all()).toSorted((a, b) => b.content.expires - a.content.expires);
    const isStale = ({ content }: OwnCode): boolean => content.expires + KEPT_SECONDS < now;
    for (const [index, old] of codes.entries()) {
      if (index >= CODES - 1 || isStale(old)) await this.#records.remove(nameOf(old.code));
    }
    await this.#records.put(nameOf(code), { code });
  }

  /** Every code, expired ones included. */
  async all(): Promise<readonly OwnCode[]> {
    return (await this.#records.all()).flatMap(({ value }) => {
      const own = attempt(() => read(value.code));
      return own.ok && own.value !== null ? [own.value] : [];
    });
  }
}

function nameOf(code: Bytes): string {
  return toHex(sha256(code));
}

/** Whether a code asks for just this, and still may, under that certificate. */
export function isFor(code: OwnCode, order: CodeOrder, payee: Bytes, now: Seconds): boolean {
  const { currency, amount, expires } = code.content;
  const isSame = currency === order.currency && amount === order.amount;
  return isSame && expires >= now && equal(code.payee, payee);
}

function read(code: Bytes): OwnCode | null {
  const frame = decodeFrame(code);
  if (frame.kind !== 1) return null;
  const content = decodePayload(decodeSigned(frame.request).payload, requestCodec, 'request');
  const { ref: payee } = decodePurseCertificate(frame.certificate);
  return { code, request: frame.request, payee, content };
}
