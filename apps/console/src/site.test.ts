import { expect, test } from 'vitest';
import { buildConsoleSite } from './site.ts';

const files = await buildConsoleSite();
const headersOf = (path: string, of = files): Readonly<Record<string, string>> =>
  of.find((file) => file.path === path)?.headers ?? {};

test('the files of a console are the same each time, named by their content', async () => {
  expect(await buildConsoleSite()).toEqual(files);
  const names = files.map(({ path }) => path.replace(/-[A-Z0-9]{8}/, '-…'));
  expect(new Set(names)).toEqual(
    new Set([
      '/',
      '/manifest.webmanifest',
      '/icon.svg',
      '/main-….js',
      '/main-….css',
      '/offline.js',
    ]),
  );
});

test('its page may load its own files, and nothing else; nobody else may show it', () => {
  expect(headersOf('/')['Content-Security-Policy']).toBe(
    "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'self'; style-src 'self'; " +
      "img-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
      "frame-src 'none'; frame-ancestors 'none'",
  );
});

test('whoever is named may show it in a frame', async () => {
  const embedder = 'https://playground.example';
  const shown = await buildConsoleSite({ embedders: [embedder] });
  expect(headersOf('/', shown)['Content-Security-Policy']).toMatch(
    new RegExp(`; frame-ancestors ${embedder}$`),
  );
});

test('nothing in its page names another origin', () => {
  for (const { path, bytes } of files) {
    const origins = new TextDecoder().decode(bytes).match(/https?:\/\/[a-z0-9.-]+/g) ?? [];
    const others = origins.filter((origin) => origin !== 'http://www.w3.org');
    expect([path, others]).toEqual([path, []]);
  }
});
