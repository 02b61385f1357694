import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Answer } from '@tallystick/backend';
import type { SiteFile } from '@tallystick/tre/site';

const compress = promisify(brotliCompress);
/** Enough for a fifth of the size; more takes seconds for a megabyte. */
const QUALITY = 7;

/** Answers with the files of one origin, and leaves everything else to another answer. */
export function staticAnswer(files: readonly SiteFile[], other: Answer): Answer {
  const served = new Map(files.map((file) => [file.path, lazily(file)]));
  return async (request) => {
    const { pathname } = new URL(request.url);
    const file = served.get(pathname);
    if (file === undefined || !['GET', 'HEAD'].includes(request.method)) return other(request);
    const isBrotli = /\bbr\b/.test(request.headers.get('accept-encoding') ?? '');
    const body = isBrotli ? await file.compressed() : file.bytes;
    const headers = { ...file.headers, Vary: 'Accept-Encoding' };
    return new Response(request.method === 'HEAD' ? null : body, {
      headers: isBrotli ? { ...headers, 'Content-Encoding': 'br' } : headers,
    });
  };
}

interface Served {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
  /** By Brotli, once for all who ask. */
  readonly compressed: () => Promise<Uint8Array<ArrayBuffer>>;
}

function lazily({ bytes, headers }: SiteFile): Served {
  const own = Uint8Array.from(bytes);
  let compressed: Promise<Uint8Array<ArrayBuffer>> | null = null;
  return {
    bytes: own,
    headers,
    compressed: () => {
      compressed ??= compress(own, {
        params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY },
      }).then((short) => Uint8Array.from(short));
      return compressed;
    },
  };
}

/** There is nothing else. */
export const nothingElse: Answer = () =>
  Promise.resolve(new Response('not found\n', { status: 404 }));

/** Only the paths of the backend's interface; its page is elsewhere. */
export function interfaceOf(backend: Answer): Answer {
  return (request) =>
    new URL(request.url).pathname.startsWith('/v1/') ? backend(request) : nothingElse(request);
}
