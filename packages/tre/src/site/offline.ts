import { concat, sha256, toHex } from '@tallystick/protocol';
import { bundleForBrowser } from './bundle.ts';
import type { SiteFile } from './file.ts';
import { scriptHeaders } from './headers.ts';

const PROGRAM = new URL('../browser/offline.worker.ts', import.meta.url);

/** The service worker that keeps these files of its origin, to be served beside them as `/offline.js`. */
export async function offlineFile(files: readonly SiteFile[]): Promise<SiteFile> {
  const text = JSON.stringify(files.map(({ path, headers }) => [path, headers]));
  const digest = sha256(new TextEncoder().encode(text), concat(...files.map(({ bytes }) => bytes)));
  const version = toHex(digest.subarray(0, 8));
  const constants = { OFFLINE: { version, paths: files.map(({ path }) => path) } };
  return {
    path: '/offline.js',
    bytes: await bundleForBrowser(PROGRAM, constants),
    headers: scriptHeaders({ 'connect-src': "'self'" }),
  };
}
