import { type PublicKey, toHex } from '@tallystick/protocol';
import { STRETCH_COST, type StretchCost } from '../surroundings.ts';
import type { ElementConfiguration } from '../virtual-se/configuration.ts';
import { bundleForBrowser } from './bundle.ts';
import type { SiteFile } from './file.ts';
import { documentHeaders, scriptHeaders } from './headers.ts';
import { offlineFile } from './offline.ts';

export interface ElementSiteOptions {
  /** Origins of the apps that may use the element, such as `https://app.example`. */
  readonly apps: readonly string[];
  /** Origins that may show those apps in a frame. */
  readonly embedders?: readonly string[];
  /** Files that are served inside the wall, and reach all that is there: of a sandbox that shows what that comes to. */
  readonly insiders?: readonly SiteFile[];
  /** Whose images it runs, and nobody else's. */
  readonly publisher: PublicKey;
  /** Cost of the PIN hash. Only tests have a reason to lower it. */
  readonly stretchCost?: StretchCost;
}

const DOCUMENT = new URL('../virtual-se/browser/document/main.ts', import.meta.url);
const WORKER = new URL('../virtual-se/browser/worker/main.ts', import.meta.url);

const HTML =
  '<!doctype html><meta charset="utf-8"><title>Element</title>' +
  '<script type="module" src="/element.js"></script>\n';

/**
 * The static files of an origin that is a virtual secure element and nothing else: `/element.html`, which apps
 * embed, its script and worker, and the service worker for when there is no network. Nothing but these may be
 * served from that origin, each with its headers: whatever else ran there would have the keys.
 *
 * @param worker the worker's program; only tests have another
 */
export async function buildElementSite(
  {
    apps,
    embedders = [],
    insiders = [],
    publisher,
    stretchCost = STRETCH_COST,
  }: ElementSiteOptions,
  worker: URL = WORKER,
): Promise<readonly SiteFile[]> {
  for (const app of apps) {
    if (new URL(app).origin !== app) throw new TypeError(`${app} is no origin`);
  }
  const { alg, bytes } = publisher;
  const configuration: ElementConfiguration = {
    apps,
    publisher: { alg, key: toHex(bytes) },
    stretchCost,
  };
  const constants = { ELEMENT: configuration };
  const files: readonly SiteFile[] = [
    {
      path: '/element.html',
      bytes: new TextEncoder().encode(HTML),
      headers: documentHeaders([...apps, ...embedders]),
    },
    {
      path: '/element.js',
      bytes: await bundleForBrowser(DOCUMENT, constants),
      headers: scriptHeaders({}),
    },
    {
      path: '/element.worker.js',
      bytes: await bundleForBrowser(worker, constants),
      // The machine is built in: the worker has no way to the network at all.
      headers: scriptHeaders({ 'script-src': "'wasm-unsafe-eval'" }),
    },
    ...insiders,
  ];
  return [...files, await offlineFile(files)];
}
