/** What every file says of itself that an element's or an app's origin serves. */
const COMMON = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // A process of its own, as far as the browser has one to give.
  'Origin-Agent-Cluster': '?1',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()',
  // The service worker keeps what is needed offline, and asks again by itself.
  'Cache-Control': 'no-cache',
};

/** A content security policy: all that is not named is refused. */
export function contentPolicy(allowed: Readonly<Record<string, string>>): string {
  const all = {
    'default-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    ...allowed,
  };
  return Object.entries(all)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}

/** Headers of the element's document, which pages of these origins may be around and no others. */
export function documentHeaders(ancestors: readonly string[]): Record<string, string> {
  return {
    ...COMMON,
    'Content-Type': 'text/html; charset=utf-8',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Content-Security-Policy': contentPolicy({
      'script-src': "'self'",
      'worker-src': "'self'",
      'frame-ancestors': ancestors.join(' '),
    }),
  };
}

/** Headers of a file that is data: nothing runs in it. */
export function fileHeaders(contentType: string): Record<string, string> {
  return {
    ...COMMON,
    'Content-Type': contentType,
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Content-Security-Policy': contentPolicy({ 'frame-ancestors': "'none'" }),
  };
}

/** Headers of a script. As a worker it obeys the policy that it comes with: no network, unless it is given. */
export function scriptHeaders(allowed: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...COMMON,
    'Content-Type': 'text/javascript; charset=utf-8',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Content-Security-Policy': contentPolicy({ 'frame-ancestors': "'none'", ...allowed }),
  };
}
