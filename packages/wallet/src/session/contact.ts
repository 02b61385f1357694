import { Gossip } from '../contact/gossip.ts';
import { type Patience, patienceFor } from '../patience.ts';
import { outcome, type WalletResult } from '../failure.ts';
import type { Transport } from '../transport/index.ts';
import { Link } from './link.ts';
import type { Parts } from './parts.ts';

/** One contact with another device: a link, and what is exchanged over it besides money. */
export interface Contact {
  readonly link: Link;
  readonly gossip: Gossip;
  /** What suits the medium that it is on now. */
  readonly patience: () => Patience;
}

/** Runs one contact over a transport, and ends the transport with it, however it goes. */
export async function inContact<T>(
  parts: Parts,
  transport: Transport,
  work: (contact: Contact) => Promise<T>,
): Promise<WalletResult<T>> {
  const link = new Link(transport, parts.timer);
  const patience = (): Patience => patienceFor(transport.medium, parts.patience);
  const gossip = new Gossip(link, parts.shelves, () => patience().gossip, parts.draw);
  try {
    return await outcome(() => work({ link, gossip, patience }));
  } finally {
    await link.close();
  }
}
