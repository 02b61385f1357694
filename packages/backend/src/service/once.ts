import {
  blob,
  type Bytes,
  type Codec,
  decodeCbor,
  digest,
  encodeCbor,
  equal,
  LIMITS,
  tuple,
} from '@tallystick/protocol';
import { accept, type Outcome, type Refused } from '../outcome.ts';
import type { Documents, Store } from '../store/port.ts';

/** What a request that is answered once was, and what came of it. */
interface Memo {
  /** Id of the request's record. */
  readonly id: Bytes;
  readonly bytes: Bytes;
}

const codec: Codec<Memo> = tuple<Memo>({ id: digest, bytes: blob(LIMITS.messageBytes) });

export interface OnceOptions {
  readonly store: Pick<Store, 'exclusive'>;
  /** Names of the lock and of the document. */
  readonly lock: string;
  readonly place: string;
  /** Id of the request's record. */
  readonly id: Bytes;
  /** What another request under the same place gets. */
  readonly conflict: { readonly ok: false; readonly error: Refused };
}

/**
 * Makes something on a request's first arrival, and gives the very same bytes whenever it comes
 * again, also when it comes twice at once: what is released is what was stored first.
 */
export async function once(
  { store, lock, place, id, conflict }: OnceOptions,
  make: () => Promise<Outcome<Bytes>>,
): Promise<Outcome<Bytes>> {
  const recall = (memo: Memo): Outcome<Bytes> =>
    equal(memo.id, id) ? accept(memo.bytes) : conflict;
  const before = await store.exclusive(lock, (documents) => read(documents, place));
  if (before !== null) return recall(before);
  const made = await make();
  if (!made.ok) return made;
  return store.exclusive(lock, async (documents) => {
    const there = await read(documents, place);
    if (there !== null) return recall(there);
    await documents.put(place, encodeCbor(codec.encode({ id, bytes: made.value })));
    return made;
  });
}

async function read(documents: Documents, place: string): Promise<Memo | null> {
  const bytes = await documents.get(place);
  return bytes === null ? null : codec.decode(decodeCbor(bytes, LIMITS.messageBytes * 2), 'memo');
}
