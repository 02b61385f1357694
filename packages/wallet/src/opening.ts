import type { Result, SignedImage } from '@tallystick/protocol';
import type { Element } from '@tallystick/tre';
import type { WalletResult } from './failure.ts';
import type { HttpOptions } from './sync/http.ts';
import { fetchImage } from './sync/images.ts';

/** Opens an element with the image that ran there last, or, where none has, with the one that the issuer offers. */
export async function withImage(
  open: (given: { readonly image?: SignedImage }) => Promise<Result<Element>>,
  http: HttpOptions,
): Promise<WalletResult<Element>> {
  const opened = await open({});
  if (opened.ok || opened.error.code !== 'IMAGE_DIFFERS') return opened;
  const image = await fetchImage(http);
  return image.ok ? open({ image: image.value }) : image;
}
