import { readFile } from 'node:fs/promises';
import { buildAppSite } from '@tallystick/kit/site';
import type { SiteFile } from '@tallystick/tre/site';

export interface ConsoleSiteOptions {
  /** Origins that may show the console in a frame. */
  readonly embedders?: readonly string[];
}

/** The static files of a console's origin, which also serves the backend's `/v1`. */
export async function buildConsoleSite({
  embedders = [],
}: ConsoleSiteOptions = {}): Promise<readonly SiteFile[]> {
  return buildAppSite({
    entry: new URL('./main.tsx', import.meta.url),
    name: 'Tallystick Console',
    shortName: 'Console',
    description: 'What the backend knows, for the people who run it.',
    icon: new Uint8Array(await readFile(new URL('./icon.svg', import.meta.url))),
    frames: [],
    embedders,
  });
}
