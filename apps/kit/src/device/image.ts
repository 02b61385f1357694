import type { SignedImage } from '@tallystick/protocol';
import {
  fetchImage,
  type HttpOptions,
  type PendingStore,
  type WalletResult,
} from '@tallystick/wallet';

/** Stands while the element has the newest image that this app knows of. */
const IMAGE = 'image';

/** The backend did not answer what cannot be done without it. */
export const UNREACHED = {
  ok: false,
  error: { code: 'BACKEND_UNREACHABLE', message: 'the bank did not answer' },
} as const;

/** The trusted application for a blank purse, or a newer one; null where the element has one that will do. */
export async function imageToInstall(
  store: PendingStore,
  http: HttpOptions,
): Promise<WalletResult<SignedImage | null>> {
  const known = await store.get(IMAGE);
  if (known !== null && known[0] === NEWEST) return { ok: true, value: null };
  const image = await fetchImage(http);
  if (image.ok) return image;
  // A purse that is due for a newer one goes on with what it has, where that cannot be had now.
  return known === null ? UNREACHED : { ok: true, value: null };
}

const NEWEST = 1;
const OLDER = 0;

export function noteImage(store: PendingStore): Promise<void> {
  return store.put(IMAGE, Uint8Array.of(NEWEST));
}

/** Has the next start fetch a newer one. */
export function forgetImage(store: PendingStore): Promise<void> {
  return store.put(IMAGE, Uint8Array.of(OLDER));
}
