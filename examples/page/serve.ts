/** Serves the page, its element on an origin of its own, and passes the page's calls on to a backend. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import {
  buildElementSite,
  bundleForBrowser,
  contentPolicy,
  type SiteFile,
} from '@tallystick/tre/site';
import { publisherIn } from '@tallystick/wallet/node';
import { decoderFiles } from '@tallystick/wallet/site';

const [backend = '', trust = '', port = '9000'] = process.argv.slice(2);
const page = `http://localhost:${port}`;
const element = `http://localhost:${Number(port) + 1}`;
const publisher = publisherIn(await readFile(trust, 'utf8'));
if (!publisher.ok) throw new Error(publisher.error.message);

const policy = contentPolicy({
  'script-src': "'self'",
  'style-src': "'self'",
  'worker-src': "'self'",
  'connect-src': "'self'",
  'frame-src': element,
});
const file = async (name: string): Promise<Uint8Array> => readFile(new URL(name, import.meta.url));
const own = (path: string, type: string, bytes: Uint8Array): SiteFile => ({
  path,
  bytes: new Uint8Array(bytes),
  headers: { 'Content-Type': type, 'Content-Security-Policy': policy },
});
const files = [
  own('/', 'text/html; charset=utf-8', await file('index.html')),
  own('/page.css', 'text/css', await file('page.css')),
  own(
    '/page.js',
    'text/javascript',
    await bundleForBrowser(new URL('main.ts', import.meta.url), { ELEMENT: element }),
  ),
  ...(await decoderFiles()),
];

serve(files, page, passOn);
serve(await buildElementSite({ apps: [page], publisher: publisher.value }), element, notFound);
process.stdout.write(`${page}\n`);

function serve(
  site: readonly SiteFile[],
  origin: string,
  other: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): void {
  const server = createServer((request, response) => {
    const found = site.find(({ path }) => path === new URL(request.url ?? '/', origin).pathname);
    if (found !== undefined) response.writeHead(200, found.headers).end(found.bytes);
    else other(request, response).catch(() => response.writeHead(502).end());
  });
  server.listen(Number(new URL(origin).port), '127.0.0.1');
}

/** Calls of the backend's interface are of the page's own origin this way: nothing else may be called from it. */
async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url?.startsWith('/v1/') !== true) return notFound(request, response);
  const { method = 'GET', headers } = request;
  const body = method === 'POST' ? await buffer(request) : undefined;
  const type = headers['content-type'] ?? 'application/cbor';
  const asked = { method, headers: { 'content-type': type }, ...(body && { body }) };
  const answer = await fetch(new URL(request.url, backend), asked);
  const answered = { 'Content-Type': answer.headers.get('content-type') ?? '' };
  response.writeHead(answer.status, answered).end(await answer.bytes());
}

async function notFound(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(404).end();
}
