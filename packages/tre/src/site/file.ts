import type { Bytes } from '@tallystick/protocol';

/** A static file of an origin, and the headers that it must be served with. */
export interface SiteFile {
  readonly path: string;
  readonly bytes: Bytes;
  readonly headers: Readonly<Record<string, string>>;
}
