import { type PublicKey, toHex } from '@tallystick/protocol';
import {
  buildElementSite,
  bundleForBrowser,
  machineFile,
  offlineFile,
  type SiteFile,
} from '../../site/index.ts';
import { TEST_PUBLISHER } from '../image.ts';
import { CHEAP_STRETCH } from '../plain-specimen.ts';
import { Origin } from './origin.ts';

const PAGE = new URL('../page/main.ts', import.meta.url);

/** Where an app and its element are served. */
export interface Sites {
  readonly app: Origin;
  readonly element: Origin;
  /** Another app that may use it. */
  readonly neighbour: Origin;
  stop(): Promise<void>;
}

/**
 * An app on one origin and its element on another.
 *
 * @param elementHost another site than the app's unless it is the same name
 */
export async function startSites(
  elementHost: '127.0.0.1' | 'localhost' = 'localhost',
): Promise<Sites> {
  const app = await Origin.start('127.0.0.1');
  const neighbour = await Origin.start('127.0.0.1');
  const element = await Origin.start(elementHost);
  const files = await appFiles(element.url);
  for (const each of [app, neighbour]) each.serve(files);
  element.serve(
    await buildElementSite({
      apps: [app.url, neighbour.url],
      publisher: TEST_PUBLISHER,
      stretchCost: CHEAP_STRETCH,
    }),
  );
  return {
    app,
    element,
    neighbour,
    stop: async () => {
      for (const each of [app, neighbour, element]) await each.stop();
    },
  };
}

/** The app of the tests, with the policy that an app needs for an element and for images of its own. */
async function appFiles(element: string): Promise<readonly SiteFile[]> {
  const script = 'text/javascript; charset=utf-8';
  const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; frame-src ${element}`;
  const html =
    '<!doctype html><title>App</title><body><script type="module" src="/app.js"></script>';
  const files: readonly SiteFile[] = [
    {
      path: '/',
      bytes: new TextEncoder().encode(html),
      headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy },
    },
    {
      path: '/app.js',
      bytes: await bundleForBrowser(PAGE),
      headers: { 'Content-Type': script },
    },
    {
      path: '/machine.wasm',
      bytes: await machineFile(),
      headers: { 'Content-Type': 'application/wasm' },
    },
  ];
  return [...files, await offlineFile(files)];
}

/** What a page is told about whose images to run. */
export function publisherIn({ alg, bytes }: PublicKey): { alg: PublicKey['alg']; key: string } {
  return { alg, key: toHex(bytes) };
}
