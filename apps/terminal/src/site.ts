import { readFile } from 'node:fs/promises';
import { buildAppSite } from '@tallystick/kit/site';
import type { SiteFile } from '@tallystick/tre/site';
import { decoderFiles } from '@tallystick/wallet/site';

export interface TerminalSiteOptions {
  /** Origin of the element that has the till's purses. */
  readonly element: string;
  /** Origins that may show the terminal in a frame. */
  readonly embedders?: readonly string[];
}

/** The static files of a terminal's origin, which also serves the backend's `/v1`. */
export async function buildTerminalSite({
  element,
  embedders = [],
}: TerminalSiteOptions): Promise<readonly SiteFile[]> {
  return buildAppSite({
    entry: new URL('./main.tsx', import.meta.url),
    name: 'Tallystick Terminal',
    shortName: 'Terminal',
    description: 'Take payments at a counter, with or without a network.',
    icon: new Uint8Array(await readFile(new URL('./icon.svg', import.meta.url))),
    frames: [element],
    embedders,
    constants: { TERMINAL: { element, embedders } },
    files: await decoderFiles(),
  });
}
