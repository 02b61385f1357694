import { readFileSync } from 'node:fs';
import type { OpenAPIHono } from '@hono/zod-openapi';

const FILES = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/page/page.css', 'page.css', 'text/css; charset=utf-8'],
  ['/page/page.js', 'page.js', 'text/javascript; charset=utf-8'],
  ['/page/icon.svg', 'icon.svg', 'image/svg+xml'],
] as const;

/** Serves the page at `/`: what this is, and the supply equation live. */
export function addPage(app: OpenAPIHono): void {
  for (const [path, name, type] of FILES) {
    const content = readFileSync(new URL(`./page/${name}`, import.meta.url));
    const headers = { 'Content-Type': type, 'Cache-Control': 'no-cache' };
    app.get(path, () => new Response(Uint8Array.from(content), { headers }));
  }
}
