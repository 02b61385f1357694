import {
  attempt,
  blob,
  type Bytes,
  type Codec,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  type Exhibit,
  encodeProof,
  equal,
  LIMITS,
  type LogPlace,
  payment as paymentCodec,
  recordId,
  requestDigest,
  type Seconds,
  type Signed,
  toHex,
  tuple,
  uint,
} from '@tallystick/protocol';
import { outcome } from '../failure.ts';
import { type PendingStore, Records } from '../pending-store.ts';

/** An accepted payment, as a witness remembers it. */
export interface Seen extends LogPlace {
  readonly id: Bytes;
  readonly exhibit: Exhibit;
  /** The payer's. */
  readonly certificate: Bytes;
  /** Of the payer's certificate. */
  readonly expires: Seconds;
}

/** A payment as it was presented, with the digest of the request it was read against. */
export interface Presented {
  readonly signed: Signed;
  readonly payment: Bytes;
  readonly request: Bytes;
}

/** What the store keeps of one: 400 bytes, up to 12 kB with ML-DSA. */
interface Stored {
  /** In which order they were accepted. */
  readonly turn: number;
  readonly certificate: Bytes;
  readonly external: Bytes;
  readonly record: Bytes;
}

const stored: Codec<Stored> = tuple<Stored>({
  turn: uint(Number.MAX_SAFE_INTEGER),
  certificate: blob(LIMITS.messageBytes),
  external: blob(32),
  record: blob(LIMITS.messageBytes),
});

/**
 * Remembers where in their payers' logs accepted payments stand. Two payments at one position are a
 * fork, and the two signatures prove it (INV-ONCE): whoever spends one balance twice at one counter
 * is caught there and then, and whoever does at two is when these meet (TS-WIT-1).
 *
 * It is kept in the store, since a till is switched off every night. Nothing that is wrong with the store
 * touches a payment: what it cannot keep or give back is not remembered.
 */
export class Witness {
  readonly #records: Records<Stored>;
  /** By place, the one accepted last at the end; null before the store was asked. */
  #seen: Promise<Map<string, Seen>> | null = null;
  #turn = 0;

  constructor(store: PendingStore) {
    this.#records = new Records(store, 'witness/', stored);
  }

  /** A proof, if another payment of the same certificate stands at the same position. */
  async objection(presented: Presented, certificate: Bytes): Promise<Bytes | null> {
    const exhibit = exhibitOf(presented);
    const seen = await this.at(placeOf(exhibit));
    if (seen === undefined || equal(seen.id, recordId(presented.signed))) return null;
    return encodeProof({ kind: 1, certificate, first: seen.exhibit, second: exhibit });
  }

  /** Remembers a payment that the purse has accepted, and so verified, with its certificate. */
  async remember(presented: Presented, certificate: Bytes): Promise<void> {
    const all = await this.#all();
    const exhibit = exhibitOf(presented);
    const seen = seenOf(exhibit, certificate);
    const name = nameOf(seen);
    if (all.has(name)) return;
    all.set(name, seen);
    const [oldest] = all.keys();
    if (all.size > LIMITS.witnesses && oldest !== undefined) await this.#drop(all, oldest);
    const { external, record } = exhibit;
    const turn = this.#turn++;
    await outcome(() => this.#records.put(name, { turn, certificate, external, record }));
  }

  /** What was seen at a place. */
  async at(place: LogPlace): Promise<Seen | undefined> {
    return (await this.#all()).get(nameOf(place));
  }

  /** All that is remembered, the one accepted last first. */
  async newestFirst(): Promise<readonly Seen[]> {
    return [...(await this.#all()).values()].reverse();
  }

  /** Forgets payers from whom nothing is accepted any more (TS-WIT-7). */
  async forget(floor: Seconds): Promise<void> {
    // GUARD witness-expires (rule 15): of whom a device took money is forgotten when it can prove nothing new.
    await this.#dropWhere(({ expires }) => floor >= expires);
  }

  /** Forgets whom a proof has convicted: there is nothing left to find out. */
  async dismiss(culprit: Bytes): Promise<void> {
    await this.#dropWhere(({ kid }) => equal(kid, culprit));
  }

  async #dropWhere(isSo: (seen: Seen) => boolean): Promise<void> {
    const all = await this.#all();
    for (const [name, seen] of all) if (isSo(seen)) await this.#drop(all, name);
  }

  async #drop(all: Map<string, Seen>, name: string): Promise<void> {
    all.delete(name);
    await outcome(() => this.#records.remove(name));
  }

  #all(): Promise<Map<string, Seen>> {
    this.#seen ??= this.#load();
    return this.#seen;
  }

  async #load(): Promise<Map<string, Seen>> {
    const found = await outcome(() => this.#records.all());
    const kept = found.ok ? found.value : [];
    const all = new Map<string, Seen>();
    for (const { value } of kept.toSorted((a, b) => a.value.turn - b.value.turn)) {
      const { turn, certificate, external, record } = value;
      const read = attempt(() => seenOf({ external, record }, certificate));
      if (read.ok) all.set(nameOf(read.value), read.value);
      this.#turn = turn + 1;
    }
    return all;
  }
}

/** Where the payment of an exhibit stands. Rejects: decoding codes. */
export function placeOf({ external, record }: Exhibit): LogPlace {
  const { kid, payload } = decodeSigned(record, external);
  return { kid, seq: decodePayload(payload, paymentCodec, 'payment').seq };
}

function seenOf(exhibit: Exhibit, certificate: Bytes): Seen {
  const id = recordId(decodeSigned(exhibit.record, exhibit.external));
  const { expires } = decodePurseCertificate(certificate);
  return { ...placeOf(exhibit), id, exhibit, certificate, expires };
}

/** A place as a key. */
export function nameOf({ kid, seq }: LogPlace): string {
  return `${toHex(kid)}-${seq}`;
}

function exhibitOf({ payment, request }: Presented): Exhibit {
  return { external: requestDigest(request), record: payment };
}
