import type { Shelves } from '../contact/shelves.ts';
import type { Payments } from '../payments/payments.ts';
import type { PendingStore } from '../pending-store.ts';
import type { PurseClient } from '../purse-client.ts';
import type { Parts } from '../session/parts.ts';
import type { Timer } from '../timer.ts';
import type { BackendPort } from './backend-port.ts';
import { PolicyShelf } from './policy-shelf.ts';
import type { ProfileShelf } from './profile.ts';

/** What everything that needs the backend works with. */
export interface Online {
  readonly purse: PurseClient;
  readonly backend: BackendPort;
  readonly store: PendingStore;
  readonly timer: Timer;
  readonly payments: Payments;
  readonly shelves: Shelves;
  readonly profiles: ProfileShelf;
  readonly policies: PolicyShelf;
}

export function makeOnline(parts: Parts, backend: BackendPort, store: PendingStore): Online {
  const { purse, timer, payments, shelves, profiles } = parts;
  const policies = new PolicyShelf(purse, store);
  return { purse, backend, store, timer, payments, shelves, profiles, policies };
}
