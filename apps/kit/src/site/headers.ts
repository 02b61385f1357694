export interface AppOrigins {
  /** Origins that the app embeds: its element's. */
  readonly frames: readonly string[];
  /** Origins that may embed the app; none, where nothing is said. */
  readonly embedders?: readonly string[];
}

/** What every file of an app's origin says of itself. */
const COMMON = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Origin-Agent-Cluster': '?1',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  // The service worker keeps what is needed offline, and asks again by itself.
  'Cache-Control': 'no-cache',
};

/** Headers of the page: all that is not named is refused, and the camera is the app's own. */
export function documentHeaders({ frames, embedders = [] }: AppOrigins): Record<string, string> {
  const listed = (origins: readonly string[]): string =>
    origins.length === 0 ? "'none'" : origins.join(' ');
  const policy = [
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    `frame-src ${listed(frames)}`,
    `frame-ancestors ${listed(embedders)}`,
  ].join('; ');
  return {
    ...COMMON,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': embedders.length === 0 ? 'same-origin' : 'cross-origin',
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
  };
}

/** Headers of everything else. */
export function fileHeaders(type: string): Record<string, string> {
  return {
    ...COMMON,
    'Content-Type': type,
    'Content-Security-Policy': "default-src 'none'",
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}
