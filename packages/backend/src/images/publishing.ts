import {
  type Bytes,
  checkImage,
  encodeSigned,
  equal,
  LIMITS,
  type SignedImage,
  toBeSigned,
  sha256,
  unsignedManifest,
} from '@tallystick/protocol';
import type { SigningKey } from '../authority/keys.ts';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { Parts } from '../service/parts.ts';
import { runOne } from '../verification/verifier.ts';
import type { ImageRegistry, RegisteredImage } from './registry.ts';

/**
 * Registers an image that the scheme's publisher has signed, and has the root say so in the next policy.
 * The newest image again changes nothing; an older one is IMAGE_DOWNGRADE, registered or not.
 *
 * Errors: codes of a signed message; UNKNOWN_ISSUER, IMAGE_DIFFERS, IMAGE_DOWNGRADE.
 */
export async function publishImage(
  { authority, verifyMany, clock }: Parts,
  image: SignedImage,
): Promise<Outcome<RegisteredImage>> {
  const { images, publisher } = authority;
  const checked = await runOne(checkImage(image, publisher), verifyMany);
  if (!checked.ok) return checked;
  const { version, sha256: named } = checked.value;
  const newest = (await images.list()).at(-1);
  const isKnown = newest?.version === version && equal(newest.sha256, named);
  if (!isKnown) {
    const isNewer = version > (newest?.version ?? 0);
    if (!isNewer || !(await images.add(image, checked.value, clock()))) {
      return refuse('IMAGE_DOWNGRADE', `version ${newest?.version} is registered`);
    }
  }
  await authority.followImages();
  const registered = (await images.list()).find((each) => each.version === version);
  if (registered === undefined) throw new Error(`image ${version} was not registered`);
  return accept(registered);
}

/**
 * Withdraws an image: from the next policy on, no payee takes money from a purse that runs it. Doing so
 * again changes nothing. Errors: UNKNOWN_IMAGE.
 */
export async function withdrawImage(
  { authority, clock }: Parts,
  version: number,
): Promise<Outcome<RegisteredImage>> {
  const { images } = authority;
  const find = async (): Promise<RegisteredImage | undefined> =>
    (await images.list()).find((each) => each.version === version);
  if ((await find()) === undefined) return refuse('UNKNOWN_IMAGE', `version ${version}`);
  await images.withdraw(version, clock());
  await authority.followImages();
  const withdrawn = await find();
  if (withdrawn === undefined) throw new Error(`image ${version} has gone`);
  return accept(withdrawn);
}

/**
 * The image that devices are offered: the newest that has been in the policy for the scheme's lead, since
 * payees refuse what they have not heard of. Where none has, the oldest, which most have heard of. Null
 * where none stands.
 */
export async function offeredImage({ authority, clock }: Parts): Promise<RegisteredImage | null> {
  const { images, scheme } = authority;
  const standing = (await images.list()).filter(({ withdrawnAt }) => withdrawnAt === null);
  const known = clock() - scheme.leadSeconds;
  const isKnown = ({ registeredAt }: RegisteredImage): boolean => registeredAt <= known;
  return standing.findLast(isKnown) ?? standing[0] ?? null;
}

/**
 * Registers code as the next version of a publisher whose key is at hand, unless it is the newest
 * already: a sandbox publishes for itself whatever it was started with.
 */
export async function publishOwn(
  images: ImageRegistry,
  publisher: SigningKey,
  code: Bytes,
  now: number,
): Promise<void> {
  const measurement = sha256(code);
  for (;;) {
    const newest = (await images.list()).at(-1);
    if (newest !== undefined && equal(newest.sha256, measurement)) return;
    const version = (newest?.version ?? 0) + 1;
    if (version > LIMITS.imageVersion) throw new RangeError('every version of the image is taken');
    const manifest = { version, size: code.length, sha256: measurement };
    const message = unsignedManifest(manifest, publisher.key);
    const signature = await publisher.sign(toBeSigned(message));
    const image = { manifest: encodeSigned({ ...message, signature }), code };
    // Another process may have taken the version: then this is the next one.
    if (await images.add(image, manifest, now)) return;
  }
}
