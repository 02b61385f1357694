import { encodeSignedImage, toHex } from '@tallystick/protocol';
import { bundleForBrowser, machineFile, scriptHeaders, type SiteFile } from '@tallystick/tre/site';
import { TEST_PUBLISHER, testImage } from '@tallystick/tre/testing/image';
import { decoderFiles } from '../../node/decoder-site.ts';

const PAGE = new URL('../page/main.ts', import.meta.url);

const HTML = `<!doctype html><meta charset="utf-8"><title>Optical</title>
<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"></svg><video width="40" height="30"></video>
<script type="module" src="/page.js"></script>`;

/** An app with no more rights than it needs for a purse in its page, a camera and a reader of codes. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

/** The files of the test page's origin. */
export async function pageFiles(): Promise<readonly SiteFile[]> {
  const { alg, bytes } = TEST_PUBLISHER;
  const constants = { PUBLISHER: { alg, key: toHex(bytes) } };
  const data = { 'Content-Type': 'application/octet-stream' };
  return [
    {
      path: '/',
      bytes: new TextEncoder().encode(HTML),
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': POLICY,
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Permissions-Policy': 'camera=(self)',
      },
    },
    {
      path: '/page.js',
      bytes: await bundleForBrowser(PAGE, constants),
      headers: scriptHeaders({}),
    },
    { path: '/machine.wasm', bytes: await machineFile(), headers: data },
    { path: '/image', bytes: encodeSignedImage(await testImage()), headers: data },
    ...(await decoderFiles()),
  ];
}
