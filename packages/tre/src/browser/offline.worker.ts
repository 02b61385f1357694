/**
 * A service worker that keeps an origin's few files, so that its pages start without any network. It answers for
 * those alone, from what it kept together. A newer one waits until the last page of the older is gone, so that no
 * page gets parts of two versions.
 */

/** Put in when the files are built: where they are, and a name that changes with any of them. */
declare const OFFLINE: { readonly paths: readonly string[]; readonly version: string };

interface LifeEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface AskEvent extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
declare const clients: { claim(): Promise<void> };

const PREFIX = 'tallystick ';
const CURRENT = PREFIX + OFFLINE.version;

async function keep(): Promise<void> {
  const cache = await caches.open(CURRENT);
  await cache.addAll(OFFLINE.paths.map((path) => new Request(path, { cache: 'reload' })));
}

async function forgetOthers(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CURRENT) await caches.delete(name);
  }
  await clients.claim();
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CURRENT);
  return (await cache.match(request)) ?? fetch(request);
}

addEventListener('install', (event) => (event as LifeEvent).waitUntil(keep()));
addEventListener('activate', (event) => (event as LifeEvent).waitUntil(forgetOthers()));
addEventListener('fetch', (event) => {
  const asked = event as AskEvent;
  const { origin, pathname, search } = new URL(asked.request.url);
  const isOurs = origin === location.origin && search === '' && asked.request.method === 'GET';
  if (isOurs && OFFLINE.paths.includes(pathname)) asked.respondWith(answer(asked.request));
});
