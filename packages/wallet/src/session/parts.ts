import { softwareVerify } from '@tallystick/protocol/software';
import { Recent } from '../contact/recent.ts';
import { Shelves } from '../contact/shelves.ts';
import type { DrawBytes } from '../contact/witness-exchange.ts';
import type { Patience } from '../patience.ts';
import { Payments } from '../payments/payments.ts';
import type { PendingStore } from '../pending-store.ts';
import type { PurseClient } from '../purse-client.ts';
import { ProfileShelf } from '../sync/profile.ts';
import type { Timer } from '../timer.ts';
import { Acceptance } from './accept.ts';
import { OfferReader, type Verify } from './offer.ts';

/** Payees known to remember this purse's certificate. */
const ACQUAINTED = 256;

/** What the contacts of one purse share. Make one for each purse, and keep it while it is open. */
export interface Parts {
  readonly purse: PurseClient;
  readonly timer: Timer;
  /** What is asked for instead of what suits the medium. */
  readonly patience: Partial<Patience>;
  readonly payments: Payments;
  readonly shelves: Shelves;
  readonly acceptance: Acceptance;
  readonly profiles: ProfileShelf;
  readonly offers: OfferReader;
  /** Payees that accepted a payment under this certificate: theirs and ours, in hex. */
  readonly acquainted: Recent<true>;
  /** Draws random bytes; null where witnesses are not exchanged. */
  readonly draw: DrawBytes | null;
}

export function makeParts(
  purse: PurseClient,
  store: PendingStore,
  timer: Timer,
  patience: Partial<Patience>,
  verify: Verify = softwareVerify,
  draw: DrawBytes | null = null,
): Parts {
  const shelves = new Shelves(purse, store);
  const profiles = new ProfileShelf(store);
  return {
    purse,
    timer,
    patience,
    payments: new Payments(purse, store),
    shelves,
    acceptance: new Acceptance(purse, shelves),
    profiles,
    offers: new OfferReader(profiles, verify),
    acquainted: new Recent(ACQUAINTED),
    draw,
  };
}
