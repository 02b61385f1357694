import {
  attempt,
  blob,
  type Bytes,
  type Codec,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  LIMITS,
  type Policy,
  policy as policyCodec,
  type Tier,
  tuple,
} from '@tallystick/protocol';
import type { WalletResult } from '../failure.ts';
import { failure, stop } from '../failure.ts';
import { type PendingStore, Records } from '../pending-store.ts';
import type { PurseClient } from '../purse-client.ts';

interface Kept {
  readonly policy: Bytes;
}

const kept: Codec<Kept> = tuple<Kept>({ policy: blob(LIMITS.messageBytes) });
const ONLY = 'newest';

/** The policy the purse goes by, for the wallet to read: limits to show, when to renew. */
export class PolicyShelf {
  readonly #purse: PurseClient;
  readonly #records: Records<Kept>;

  constructor(purse: PurseClient, store: PendingStore) {
    this.#purse = purse;
    this.#records = new Records(store, 'policy/', kept);
  }

  /** Has the purse adopt a policy, and keeps it. */
  async learn(policy: Bytes): Promise<WalletResult<void>> {
    const adopted = await this.#purse.adoptPolicy(policy);
    if (adopted.ok) await this.keep(policy);
    return adopted;
  }

  /** Keeps a policy that the purse has verified. */
  async keep(policy: Bytes): Promise<void> {
    await this.#records.put(ONLY, { policy });
  }

  /** The policy. Stops with NOT_ENROLLED when there is none. */
  async need(): Promise<Policy> {
    const record = await this.#records.get(ONLY);
    const read = attempt(() =>
      decodePayload(
        decodeSigned(record?.policy ?? new Uint8Array(0)).payload,
        policyCodec,
        'policy',
      ),
    );
    return read.ok ? read.value : stop(failure('NOT_ENROLLED'));
  }
}

/** The ceilings of the tier that a certificate names; null when the policy does not list it. */
export function tierOf(policy: Policy, certificate: Bytes): Tier | null {
  const { tier } = decodePurseCertificate(certificate).profile;
  return policy.tiers.find((row) => row.tier === tier) ?? null;
}
