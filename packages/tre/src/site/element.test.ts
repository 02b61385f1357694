import { describe, expect, it } from 'vitest';
import { TEST_PUBLISHER } from '../testing/image.ts';
import { buildElementSite } from './index.ts';

const APPS = ['https://app.example', 'https://till.example:8443'];
const files = await buildElementSite({ apps: APPS, publisher: TEST_PUBLISHER });
const policies = new Map(
  files.map(({ path, headers }) => [path, headers['Content-Security-Policy']]),
);

describe("the files of an element's origin", () => {
  it('are these, the same each time', async () => {
    const again = await buildElementSite({ apps: APPS, publisher: TEST_PUBLISHER });
    expect(again).toEqual(files);
    expect([...policies.keys()]).toEqual([
      '/element.html',
      '/element.js',
      '/element.worker.js',
      '/offline.js',
    ]);
  });

  it('allow what they need and nothing else', () => {
    const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'";
    expect([...policies.values()]).toEqual([
      `${nothing}; script-src 'self'; worker-src 'self'; frame-ancestors ${APPS.join(' ')}`,
      `${nothing}; frame-ancestors 'none'`,
      `${nothing}; frame-ancestors 'none'; script-src 'wasm-unsafe-eval'`,
      `${nothing}; frame-ancestors 'none'; connect-src 'self'`,
    ]);
  });

  it('are kept apart from other origins, each of them', () => {
    for (const { path, headers } of files) {
      expect([path, headers]).toEqual([
        path,
        expect.objectContaining({
          'X-Content-Type-Options': 'nosniff',
          'Referrer-Policy': 'no-referrer',
          'Origin-Agent-Cluster': '?1',
          'Cross-Origin-Opener-Policy': 'same-origin',
          'Cross-Origin-Embedder-Policy': 'require-corp',
        }),
      ]);
      const resource = path === '/element.html' ? 'cross-origin' : 'same-origin';
      expect([path, headers['Cross-Origin-Resource-Policy']]).toEqual([path, resource]);
    }
  });

  it.each(['https://app.example/', 'app.example', '*', 'https://app.example/pay'])(
    'are for origins, and %s is none',
    async (app) => {
      const built = buildElementSite({ apps: [app], publisher: TEST_PUBLISHER });
      await expect(built).rejects.toThrow(TypeError);
    },
  );
});
