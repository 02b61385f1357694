import type { Bytes, Policy, Seconds, TrustAnchor } from '@tallystick/protocol';
import { type ImageRegistry, measurementRows } from '../images/registry.ts';
import type { Scheme } from '../scheme/scheme.ts';
import { signWith } from './certificates.ts';
import type { SigningKey } from './keys.ts';
import { amended, keepAmendment, lastAmendment, type PolicyAmendment } from './amendment.ts';
import { nextPolicy, type PolicySources, readPolicy, unsignedPolicy } from './policy.ts';
import type { Shelf } from './shelf.ts';

/** The root's signature on the risk rules, and the rules themselves. */
export interface SignedPolicy {
  readonly value: Policy;
  readonly wire: Bytes;
}

/** The policy in force, as the root signed it, whichever process had it signed. */
export interface PublishedPolicy {
  readonly current: SignedPolicy;
  /** Looks for a newer one that another process has published. */
  refresh(): Promise<SignedPolicy>;
  /** Switches the emergency mode with a new version; without need it changes nothing (TS-POL-6). */
  setEmergency(on: boolean): Promise<SignedPolicy>;
  /** What differs from the scheme file by decision. */
  amendment(): Promise<PolicyAmendment>;
  /** The policy that an amendment would make of the one in force; null when it changes nothing. */
  preview(amendment: PolicyAmendment): Promise<Policy | null>;
  /**
   * Decides on an amendment of the policy with that version, and publishes what follows from it. False
   * when that version is in force no more, or somebody else amended it first.
   */
  amend(amendment: PolicyAmendment, basis: number): Promise<boolean>;
  /** Publishes the next one where the registry of images says something else by now (TS-IMG-5). */
  followImages(): Promise<SignedPolicy>;
}

/**
 * Opens the newest policy; one that no longer says what the scheme file and the registry of images say
 * is followed at once.
 */
export async function openPolicy(
  { scheme, clock }: { readonly scheme: Scheme; readonly clock: () => Seconds },
  shelf: Shelf,
  images: ImageRegistry,
  root: { readonly anchor: TrustAnchor; readonly signer: SigningKey },
): Promise<PublishedPolicy> {
  let current = await newest(null);

  async function newest(from: SignedPolicy | null): Promise<SignedPolicy | null> {
    let last = from;
    for (;;) {
      const wire = await shelf.get(placeOf(last));
      if (wire === null) return last;
      last = { value: readPolicy(wire), wire };
    }
  }

  async function sources(amendment?: PolicyAmendment): Promise<PolicySources> {
    const measurements = measurementRows(await images.list(), scheme.supersededSeconds);
    return { scheme: amended(scheme, amendment ?? (await lastAmendment(shelf))), measurements };
  }

  /** Another process may be first: then what it published counts, and is looked at again. */
  async function publish(emergency?: boolean): Promise<SignedPolicy> {
    for (;;) {
      current = await newest(current);
      const next = nextPolicy(await sources(), current?.value ?? null, clock(), emergency);
      if (next === null && current !== null) return current;
      if (next === null) throw new TypeError('a first policy always follows none');
      const signed = await signWith(root.signer, unsignedPolicy(next, root.anchor));
      await shelf.putIfAbsent(placeOf(current), signed);
    }
  }

  let published = await publish();
  return {
    get current() {
      return published;
    },
    refresh: async () => {
      published = (await newest(published)) ?? published;
      return published;
    },
    setEmergency: async (on) => {
      published = await publish(on);
      return published;
    },
    amendment: () => lastAmendment(shelf),
    preview: async (amendment) => {
      published = (await newest(published)) ?? published;
      return nextPolicy(await sources(amendment), published.value, clock());
    },
    amend: async (amendment, basis) => {
      published = (await newest(published)) ?? published;
      if (published.value.version !== basis) return false;
      if (!(await keepAmendment(shelf, amendment, basis))) return false;
      published = await publish();
      return true;
    },
    followImages: async () => {
      published = await publish();
      return published;
    },
  };
}

function placeOf(before: SignedPolicy | null): string {
  return `policy/${(before?.value.version ?? 0) + 1}`;
}
