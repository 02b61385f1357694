import { type Bytes, cutDelta, LIMITS, unsignedStatusDelta } from '@tallystick/protocol';
import { signWith } from '../authority/certificates.ts';
import type { Parts } from './parts.ts';
import { freshList } from './welcome.ts';

/** Signed deltas that are kept: those between the few newest versions are what devices ask for. */
const KEPT_MAX = 256;

/** What a device gets that says which list it has: the whole of the newest, or only what is new. */
export interface ListOrDelta {
  readonly isDelta: boolean;
  /** COSE_Sign1. */
  readonly wire: Bytes;
}

/** Makes and signs deltas to the newest status list (TS-LST-6). */
export interface Deltas {
  /** From a version to the newest list: a delta, where it is complete and shorter; else the list. */
  since(version: number): Promise<ListOrDelta>;
  /** The newest revocations that fit so many bytes (TS-LST-9); null where there are none, or no room. */
  within(since: number, bytesMax: number): Promise<Bytes | null>;
}

interface Cut {
  readonly base: number;
  readonly wire: Bytes;
}

export function createDeltas(parts: Parts): Deltas {
  const kept = new Map<string, Promise<Cut | null>>();

  function cut(since: number, version: number, bytesMax: number): Promise<Cut | null> {
    const key = `${since}/${version}/${bytesMax}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = makeDelta(parts, since, bytesMax);
    kept.set(key, made);
    // What failed is tried again by the next to ask.
    made.catch(() => kept.delete(key));
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    return made;
  }

  return {
    since: async (version) => {
      const list = await freshList(parts);
      const whole = { isDelta: false, wire: list.wire };
      if (version >= list.version) return whole;
      const delta = await cut(version, list.version, LIMITS.messageBytes);
      const isComplete = delta !== null && delta.base <= version;
      if (!isComplete || delta.wire.length >= list.wire.length) return whole;
      return { isDelta: true, wire: delta.wire };
    },
    within: async (since, bytesMax) => {
      const list = await freshList(parts);
      if (since >= list.version) return null;
      return (await cut(since, list.version, bytesMax))?.wire ?? null;
    },
  };
}

async function makeDelta(
  { store, authority }: Parts,
  since: number,
  bytesMax: number,
): Promise<Cut | null> {
  // One more than a delta holds: it shows which version is not complete.
  const { list, revocations } = await store.view(async (view) => ({
    list: await view.latestList(),
    revocations: await view.revokedSince(since, LIMITS.deltaEntries + 1),
  }));
  if (list === null) return null;
  const { certificate, signer } = authority.operator.issuing;
  const by = { alg: signer.key.alg, ref: certificate.ref };
  const { version, issuedAt } = list;
  const delta = cutDelta({ since, version, issuedAt, revocations }, by, bytesMax);
  if (delta === null) return null;
  return { base: delta.base, wire: await signWith(signer, unsignedStatusDelta(delta, by)) };
}
