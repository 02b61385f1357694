import { join } from 'node:path';
import {
  type Backend,
  openNodeBackend,
  readSchemeFile,
  SANDBOX_SCHEME,
  type Scheme,
  type Store,
} from '@tallystick/backend';
import type { Seconds } from '@tallystick/protocol';
import { bundleTrustedApp } from '@tallystick/tre/image';
import { START } from '@tallystick/trusted-app/testing';
import { DATABASE_FOLDER } from '../../trust/places.ts';

/** The backend that the books are attacked at, with a database of its own; attacks share one. */
export interface Office {
  readonly backend: Backend;
  readonly store: Store;
  readonly scheme: Scheme;
  /** Issuer time. Weeks pass in it when an attack says so; it never goes back. */
  readonly clock: () => Seconds;
  readonly pass: (seconds: Seconds) => void;
  readonly close: () => Promise<void>;
}

/** Opens the sandbox scheme's office in a folder. */
async function openOffice(folder: string): Promise<Office> {
  const scheme = await readSchemeFile(SANDBOX_SCHEME);
  let now = START;
  const clock = (): Seconds => now;
  const { backend, store, close } = await openNodeBackend({
    database: { directory: join(folder, DATABASE_FOLDER) },
    scheme,
    clock,
    log: () => undefined,
    ownImage: (await bundleTrustedApp()).code,
  });
  const pass = (seconds: Seconds): void => {
    now += seconds;
  };
  return { backend, store, scheme, clock, pass, close };
}

/** An office that is opened when it is first asked for; closing it opens none. */
export function lazyOffice(folder: string): {
  readonly office: () => Promise<Office>;
  readonly close: () => Promise<void>;
} {
  let opened: Promise<Office> | null = null;
  return {
    office: () => (opened ??= openOffice(folder)),
    close: async () => {
      // One that never opened has said so to whoever asked for it.
      const office = await opened?.catch(() => null);
      await office?.close();
    },
  };
}
