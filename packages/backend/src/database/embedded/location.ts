import { join } from 'node:path';

/** Inside the given folder: the cluster itself. It only ever appears complete. */
export const DATA = 'data';
/** Inside the given folder: a symbolic link to the folder the cluster lives in instead. */
export const POINTER = 'moved-to';

/** What is known about a folder before PostgreSQL starts from it. */
export interface LocationFacts {
  /** The folder the caller gave, absolute. */
  readonly directory: string;
  readonly holdsData: boolean;
  /** Where its pointer leads, and whether data are still there. */
  readonly pointer: { readonly folder: string; readonly holdsData: boolean } | null;
  /** Whether the user PostgreSQL runs as can walk into the given folder. */
  readonly reachable: boolean;
  /** Where the data of folders that cannot be walked into are kept, one folder each. */
  readonly sharedRoot: string;
  /** A name that no other folder uses. */
  readonly freshName: string;
}

export type Location =
  | { readonly kind: 'inside' | 'outside'; readonly folder: string }
  | { readonly kind: 'unreachable' | 'missing'; readonly folder: string };

/**
 * Decides in which folder a cluster lives. An existing cluster stays where it is, whatever has
 * changed around it: starting an empty one beside it would look like the loss of all money.
 * A new one lives in the given folder, unless the user that PostgreSQL runs as cannot get there.
 */
export function resolveLocation(facts: LocationFacts): Location {
  if (facts.holdsData) {
    return { kind: facts.reachable ? 'inside' : 'unreachable', folder: facts.directory };
  }
  if (facts.pointer !== null) {
    return { kind: facts.pointer.holdsData ? 'outside' : 'missing', folder: facts.pointer.folder };
  }
  if (facts.reachable) return { kind: 'inside', folder: facts.directory };
  return { kind: 'outside', folder: join(facts.sharedRoot, 'clusters', facts.freshName) };
}
