import { readFile } from 'node:fs/promises';
import { buildAppSite } from '@tallystick/kit/site';
import type { SiteFile } from '@tallystick/tre/site';
import { decoderFiles } from '@tallystick/wallet/site';

export interface WalletSiteOptions {
  /** Origin of the element that has the purse. */
  readonly element: string;
  /** Origins that may show the wallet in a frame. */
  readonly embedders?: readonly string[];
}

/** The static files of a wallet's origin, which also serves the backend's `/v1`. */
export async function buildWalletSite({
  element,
  embedders = [],
}: WalletSiteOptions): Promise<readonly SiteFile[]> {
  return buildAppSite({
    entry: new URL('./main.tsx', import.meta.url),
    name: 'Tallystick Wallet',
    shortName: 'Wallet',
    description: 'Pay and get paid from phone to phone, with or without a network.',
    icon: new Uint8Array(await readFile(new URL('./icon.svg', import.meta.url))),
    frames: [element],
    embedders,
    constants: { WALLET: { element, embedders } },
    files: await decoderFiles(),
  });
}
