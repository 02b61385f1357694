import {
  attempt,
  type Bytes,
  decodePurseCertificate,
  decodeSigned,
  equal,
  LIMITS,
  NO_EXTERNAL,
  STATUS_LIST_TYPE,
} from '@tallystick/protocol';
import { type WalletFailure, type WalletResult } from '../failure.ts';
import type { Online } from './online.ts';

/** Signed data of the issuer that the purse could not use. None of it stops a sync. */
export type Problems = WalletFailure[];

/** Imports the newest policy and status list: they raise the floor that the statement will state. */
export async function fetchNewest(online: Online, problems: Problems): Promise<void> {
  await learnPolicy(online, await online.backend.policy(), problems);
  const { operator } = await online.profiles.need();
  const since = (await online.shelves.lists.newest())?.content.version;
  await learnList(online, await online.backend.statusList(since), [operator], problems);
}

export async function learnPolicy(
  online: Online,
  policy: WalletResult<Bytes>,
  problems: Problems,
): Promise<void> {
  note(policy.ok ? await online.policies.learn(policy.value) : policy, problems);
}

/** A list, or a delta of it. `certificates`: where the key that signed it is looked for. */
export async function learnList(
  online: Online,
  list: WalletResult<Bytes>,
  certificates: readonly Bytes[],
  problems: Problems,
): Promise<void> {
  if (!list.ok) return note(list, problems);
  const known = (await online.shelves.lists.newest())?.certificate;
  const candidates = known === undefined ? certificates : [...certificates, known];
  const options = { typ: STATUS_LIST_TYPE, maxBytes: LIMITS.listBytes + 1024 };
  const whole = attempt(() => decodeSigned(list.value, NO_EXTERNAL, options));
  const signed = whole.ok ? whole : attempt(() => decodeSigned(list.value));
  if (!signed.ok) return note(signed, problems);
  // An unknown key is left to the purse to refuse: it says why in the protocol's words.
  const certificate = findCertificate(signed.value.kid, candidates) ?? candidates[0];
  if (certificate === undefined) return;
  const { shelves } = online;
  const learned = whole.ok
    ? await shelves.learnList({ list: list.value, certificate })
    : await shelves.learnDelta({ delta: list.value, certificate });
  note(learned, problems);
}

/** The certificate with that reference. */
export function findCertificate(ref: Bytes, among: readonly Bytes[]): Bytes | undefined {
  return among.find((each) => {
    const read = attempt(() => decodePurseCertificate(each));
    return read.ok && equal(read.value.ref, ref);
  });
}

/** Older data than what is stored is no problem: a repeated or overtaken reply brings it. */
function note(result: WalletResult<unknown>, problems: Problems): void {
  if (!result.ok && result.error.code !== 'STALE') problems.push(result.error);
}
