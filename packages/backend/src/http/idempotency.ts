import {
  blob,
  type Codec,
  decodeCbor,
  encodeCbor,
  equal,
  fixed,
  nullable,
  sha256,
  toHex,
  tuple,
  uint,
} from '@tallystick/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import type { Documents, Store } from '../store/port.ts';
import { JSON_BYTES_MAX } from './body.ts';
import { problem } from './problem.ts';

const PREFIX = 'idempotency/';
const LOCK = 'idempotency';
const DAY_SECONDS = 86_400;
/** A request that took longer than this died with its process. */
const ABANDONED_AFTER_SECONDS = 60;
const CLEARED_AT_ONCE = 16;

interface Entry {
  readonly request: Uint8Array;
  readonly startedAt: number;
  readonly status: number;
  /** Null while the request is under way. */
  readonly body: Uint8Array | null;
}

const entryCodec: Codec<Entry> = tuple<Entry>({
  request: fixed(32),
  startedAt: uint(0xffff_ffff),
  status: uint(599),
  body: nullable(blob(JSON_BYTES_MAX)),
});

/**
 * Gives a repeated POST with the same `Idempotency-Key` the first one's response, for at least a
 * day. Without the header a request is carried out as it comes.
 */
export function idempotent(
  store: Pick<Store, 'exclusive'>,
  clock: () => number,
): MiddlewareHandler {
  return async (context, next) => {
    const key = context.req.header('idempotency-key');
    if (key === undefined) {
      await next();
      return undefined;
    }
    if (!/^[\x21-\x7e]{1,128}$/.test(key)) {
      return problem(context, 'BAD_REQUEST', 'Idempotency-Key: 1 to 128 printable characters');
    }
    const request = await digestOf(context);
    const name = toHex(sha256(new TextEncoder().encode(key)));
    const found = await store.exclusive(LOCK, (documents) =>
      claim(documents, name, request, clock()),
    );
    if (found === 'reused') return problem(context, 'IDEMPOTENCY_KEY_REUSED');
    if (found === 'busy') return problem(context, 'IDEMPOTENCY_IN_PROGRESS');
    if (found !== 'ours') return replay(found);
    await next();
    await remember(context, store, name, { request, startedAt: clock() });
    return undefined;
  };
}

/** What makes two requests the same: method, path and body. */
async function digestOf(context: Context): Promise<Uint8Array> {
  const line = new TextEncoder().encode(`${context.req.method} ${context.req.path}\n`);
  return sha256(line, new Uint8Array(await context.req.arrayBuffer()));
}

async function claim(
  documents: Documents,
  name: string,
  request: Uint8Array,
  now: number,
): Promise<'ours' | 'busy' | 'reused' | Entry> {
  const today = Math.floor(now / DAY_SECONDS);
  await clearBefore(documents, today - 1);
  const before =
    (await read(documents, placeOf(today, name))) ??
    (await read(documents, placeOf(today - 1, name)));
  if (before !== null && !equal(before.request, request)) return 'reused';
  if (before !== null && before.body !== null) return before;
  if (before !== null && now - before.startedAt < ABANDONED_AFTER_SECONDS) return 'busy';
  await write(documents, placeOf(today, name), { request, startedAt: now, status: 0, body: null });
  return 'ours';
}

/** Stores a response for repetition; after a failure of ours the key is free again. */
async function remember(
  context: Context,
  store: Pick<Store, 'exclusive'>,
  name: string,
  started: { readonly request: Uint8Array; readonly startedAt: number },
): Promise<void> {
  const { status } = context.res;
  const body = new Uint8Array(await context.res.clone().arrayBuffer());
  const place = placeOf(Math.floor(started.startedAt / DAY_SECONDS), name);
  await store.exclusive(LOCK, (documents) =>
    status >= 500 ? documents.delete(place) : write(documents, place, { ...started, status, body }),
  );
}

function replay({ status, body }: Entry): Response {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  const headers = { 'Content-Type': type, 'Idempotency-Replayed': 'true' };
  return new Response(Uint8Array.from(body ?? []), { status, headers });
}

/** Days stand in the name, so that the oldest come first. */
function placeOf(day: number, name: string): string {
  return `${PREFIX}${String(day).padStart(8, '0')}/${name}`;
}

async function clearBefore(documents: Documents, day: number): Promise<void> {
  const oldest = await documents.list(PREFIX, '', CLEARED_AT_ONCE);
  for (const { key } of oldest) if (key < placeOf(day, '')) await documents.delete(key);
}

async function read(documents: Documents, place: string): Promise<Entry | null> {
  const bytes = await documents.get(place);
  return bytes === null ? null : entryCodec.decode(decodeCbor(bytes, JSON_BYTES_MAX * 2), 'entry');
}

function write(documents: Documents, place: string, entry: Entry): Promise<void> {
  return documents.put(place, encodeCbor(entryCodec.encode(entry)));
}
