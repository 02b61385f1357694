import type { Authority, Store } from '@tallystick/backend';
import type { Bytes } from '@tallystick/protocol';
import { type Known, writeTrust } from './trust-file.ts';

/** What anybody may store about the scheme of a backend: its root, and what the root stands behind. */
export async function trustOfBackend(
  authority: Authority,
  store: Store,
  purses: readonly Bytes[] = [],
): Promise<string> {
  const list = await store.latestList();
  const known: Known = {
    anchor: authority.anchor,
    publisher: authority.publisher,
    certificates: [...certificatesOf(authority), ...purses],
    policy: authority.policy.wire,
    list: list?.wire ?? null,
  };
  return writeTrust(known);
}

function certificatesOf({ operator, participants }: Authority): Bytes[] {
  const parties = [operator, ...participants];
  return parties.flatMap(({ authorityWire, issuing }) => [
    authorityWire,
    ...issuing.rows.map(({ wire }) => wire),
  ]);
}
