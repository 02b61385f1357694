import {
  attempt,
  type Bytes,
  checkImage,
  checkManifest,
  demand,
  equal,
  err,
  type ImageManifest,
  type PublicKey,
  reject,
  type Result,
  runChecking,
  type SignatureCheck,
  type SignedImage,
} from '@tallystick/protocol';
import { hostElement } from '../element.ts';
import type { Element, ImageHost } from '../port.ts';
import { bootImage, type Image } from './outside.ts';

/** Whose images an environment runs, and which. */
export interface ImageOptions {
  /** The publisher's key: no other signature starts anything. */
  readonly publisher: PublicKey;
  /** An image to run from now on; without one, the image that ran last. */
  readonly image?: SignedImage;
}

export interface LaunchOptions extends ImageOptions {
  /** Name of the environment, for enrolments. */
  readonly environment: string;
  /** Loads a verified image into an engine. */
  readonly engine: (code: Bytes) => Image | Promise<Image>;
  readonly verify: (check: SignatureCheck) => boolean;
}

/**
 * Runs an image on a host: nothing of it before its manifest, signature and hash are verified, and
 * never an older one than ran before (TS-IMG-2, TS-IMG-3). The host is the element's from then on; it is
 * closed with it, or at once when this fails.
 *
 * Fails with the codes of a signed message; UNKNOWN_ISSUER, IMAGE_DIFFERS, IMAGE_DOWNGRADE,
 * STORAGE_FAILED (a newer image cannot be kept), TAMPERED.
 */
export function launch(host: ImageHost, options: LaunchOptions): Promise<Result<Element>> {
  const { environment, engine } = options;
  return hostElement(host, async (held) => {
    const chosen = await choose(host, options);
    if (!chosen.ok) return chosen;
    const { image, manifest, isNew } = chosen.value;
    const identity = { environment, measurement: manifest.sha256 };
    const booted = await bootImage(await engine(image.code), identity)(held);
    // Only an image that can carry on from what is here takes the place of the one before.
    if (booted.ok && isNew && !(await host.install(image))) {
      return err('STORAGE_FAILED', `version ${manifest.version} of the image cannot be kept`);
    }
    return booted;
  });
}

interface Chosen {
  readonly image: SignedImage;
  readonly manifest: ImageManifest;
  /** Whether the host has yet to keep it. */
  readonly isNew: boolean;
}

async function choose(
  host: ImageHost,
  { image: offered, publisher, verify }: LaunchOptions,
): Promise<Result<Chosen>> {
  const code = await host.readCode();
  return attempt(() => {
    const image = offered ?? imageOf(host.manifest, code);
    const manifest = runChecking(checkImage(image, publisher), verify);
    if (host.manifest === null) return { image, manifest, isNew: true };
    const before = runChecking(checkManifest(host.manifest, publisher), verify);
    refuseDowngrade(manifest, before);
    const isKept = code !== null && equal(code, image.code);
    return { image, manifest, isNew: manifest.version > before.version || !isKept };
  });
}

/** What the host keeps. Rejects: IMAGE_DIFFERS where that is no image. */
function imageOf(manifest: Bytes | null, code: Bytes | null): SignedImage {
  if (manifest === null) return reject('IMAGE_DIFFERS', 'none has run here yet; give one');
  if (code === null) return reject('IMAGE_DIFFERS', 'the one that ran here is gone; give it again');
  return { manifest, code };
}

/** Versions only grow, and one version is one image (TS-IMG-3). Rejects: IMAGE_DOWNGRADE. */
function refuseDowngrade(next: ImageManifest, before: ImageManifest): void {
  demand(next.version >= before.version, 'IMAGE_DOWNGRADE', `${before.version} ran here`);
  const isAnother = next.version === before.version && !equal(next.sha256, before.sha256);
  demand(!isAnother, 'IMAGE_DOWNGRADE', `another image of version ${before.version} ran here`);
}
