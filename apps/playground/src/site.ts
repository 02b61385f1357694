import { readFile } from 'node:fs/promises';
import { buildAppSite } from '@tallystick/kit/site';
import {
  bundleForBrowser,
  documentHeaders,
  scriptHeaders,
  type SiteFile,
} from '@tallystick/tre/site';
import type { Setting } from './setting.ts';

export type { DeviceSetting, Setting } from './setting.ts';

const HTML =
  '<!doctype html><meta charset="utf-8"><title>Thief</title>' +
  '<script type="module" src="/thief.js"></script>\n';

/** The static files of the playground's origin. */
export async function buildPlaygroundSite(setting: Setting): Promise<readonly SiteFile[]> {
  const apps = setting.devices.flatMap(({ app, element }) => [app, element]);
  return buildAppSite({
    entry: new URL('./main.tsx', import.meta.url),
    name: 'Tallystick playground',
    shortName: 'Playground',
    description: 'Two phones pay each other without a network. Try it, tear it, cheat, and see.',
    icon: new Uint8Array(await readFile(new URL('./icon.svg', import.meta.url))),
    frames: setting.console === null ? apps : [...apps, setting.console],
    constants: { PLAYGROUND: setting },
  });
}

/**
 * Files for the origin of an element whose device may be robbed: a page that copies what is stored there, and puts it
 * back, when the playground asks. **It is inside the element's wall**, in the place of somebody who has the files of
 * the device; only a sandbox for trying out may serve it.
 *
 * @param playground origin of the page that may ask
 */
export async function buildThiefFiles(playground: string): Promise<readonly SiteFile[]> {
  const program = await bundleForBrowser(new URL('./thief/main.ts', import.meta.url), {
    THIEF: { playground },
  });
  const bytes = new TextEncoder().encode(HTML);
  return [
    { path: '/thief.html', bytes, headers: documentHeaders([playground]) },
    { path: '/thief.js', bytes: program, headers: scriptHeaders({}) },
  ];
}
