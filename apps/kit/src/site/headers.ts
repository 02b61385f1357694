import { contentPolicy, fileHeaders } from '@tallystick/tre/site';

export interface AppOrigins {
  /** Origins that the app embeds: its element's. */
  readonly frames: readonly string[];
  /** Origins that may embed the app; none, where nothing is said. */
  readonly embedders?: readonly string[];
}

/** Headers of the page: all that is not named is refused, and the camera is the app's own. */
export function documentHeaders({ frames, embedders = [] }: AppOrigins): Record<string, string> {
  const listed = (origins: readonly string[]): string =>
    origins.length === 0 ? "'none'" : origins.join(' ');
  return {
    ...fileHeaders('text/html; charset=utf-8'),
    'Content-Security-Policy': contentPolicy({
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self'",
      'connect-src': "'self'",
      'worker-src': "'self'",
      'manifest-src': "'self'",
      'frame-src': listed(frames),
      'frame-ancestors': listed(embedders),
    }),
    'Cross-Origin-Resource-Policy': embedders.length === 0 ? 'same-origin' : 'cross-origin',
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
  };
}
