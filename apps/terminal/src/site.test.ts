import { expect, test } from 'vitest';
import { buildTerminalSite } from './site.ts';

const ELEMENT = 'https://element.example';
const files = await buildTerminalSite({ element: ELEMENT });
const headersOf = (path: string): Readonly<Record<string, string>> =>
  files.find((file) => file.path === path)?.headers ?? {};

test('the files of a terminal are the same each time, named by their content', async () => {
  expect(await buildTerminalSite({ element: ELEMENT })).toEqual(files);
  const names = files.map(({ path }) => path.replace(/-[A-Z0-9]{8}/, '-…'));
  expect(new Set(names)).toEqual(
    new Set([
      '/',
      '/manifest.webmanifest',
      '/icon.svg',
      '/main-….js',
      '/main-….css',
      '/part-….js',
      '/decoder.worker.js',
      '/zxing_reader.wasm',
      '/offline.js',
    ]),
  );
});

test('its page may load its own files, embed its element, and nothing else', () => {
  expect(headersOf('/')['Content-Security-Policy']).toBe(
    "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'self'; style-src 'self'; " +
      "img-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
      `frame-src ${ELEMENT}; frame-ancestors 'none'`,
  );
});

test('nothing in its page names another origin than its element', () => {
  for (const { path, bytes } of files.filter((file) => OF_THE_PAGE.test(file.path))) {
    const text = new TextDecoder().decode(bytes);
    const origins = text.match(/https?:\/\/[a-z0-9.-]+/g) ?? [];
    const others = origins.filter((origin) => origin !== ELEMENT && !NAMES.has(origin));
    expect([path, others]).toEqual([path, []]);
  }
});

/** The worker that reads codes has a library with an address in it, and no network to ask there. */
const OF_THE_PAGE = /^\/$|^\/(?:main|part)-/;
/** Names of things, which nobody loads. */
const NAMES = new Set(['http://www.w3.org']);
