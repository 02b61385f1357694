import { join } from 'node:path';
import {
  type NodeBackend,
  openNodeBackend,
  readSchemeFile,
  SANDBOX_SCHEME,
} from '@tallystick/backend';
import { openBulk } from '@tallystick/backend/bulk';
import { bundleTrustedApp } from '@tallystick/tre/image';
import { withTemporaryFolder } from '../server/temporary-folder.ts';
import { DATABASE_FOLDER } from '../trust/places.ts';
import type { Office } from './office.ts';
import type { Scale } from './scale.ts';

/** An office with the database behind it. */
export interface StoredOffice extends Office, Pick<NodeBackend, 'store' | 'databaseUrl'> {}

/** What measurements share. */
export interface Lab {
  readonly scale: Scale;
  /** Milliseconds since some moment, never going back. */
  readonly elapsedMs: () => number;
  /** Seconds since 1970. */
  readonly clock: () => number;
  /** Sets a variable of this process, for a native library that asks for nothing else. */
  readonly setVariable: (name: string, value: string) => void;
  /** Says what is measured now; throws when the run is to end. */
  readonly begin: (what: string) => void;
  /** The backend of this run, started when it is first asked for. */
  readonly office: () => Promise<StoredOffice>;
  /** Signatures a second that all cores verified, each time it was measured. */
  readonly verified: number[];
  /** Whether the settlement rows have left their ledger behind. */
  isSettled: boolean;
}

export type LabOptions = Pick<Lab, 'scale' | 'elapsedMs' | 'clock' | 'setVariable' | 'begin'>;

/** Lends what measurements need, and closes what they opened. */
export async function withLab<T>(options: LabOptions, work: (lab: Lab) => Promise<T>): Promise<T> {
  const { begin, clock } = options;
  return withTemporaryFolder('bench', async (folder) => {
    let opened: Promise<OpenOffice> | null = null;
    const open = (): Promise<OpenOffice> => {
      begin('starting a database');
      return openOffice(folder, clock);
    };
    const office = async (): Promise<StoredOffice> => (await (opened ??= open())).office;
    try {
      return await work({ ...options, office, verified: [], isSettled: false });
    } finally {
      // One that never opened has said so to whoever asked for it.
      const open = await (opened as Promise<OpenOffice> | null)?.catch(() => null);
      await open?.close();
    }
  });
}

/** Lends a backend on a database of its own, with nothing in it. */
export async function withOffice<T>(
  clock: () => number,
  work: (office: StoredOffice) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder('bench', async (folder) => {
    const { office, close } = await openOffice(folder, clock);
    try {
      return await work(office);
    } finally {
      await close();
    }
  });
}

interface OpenOffice {
  readonly office: StoredOffice;
  readonly close: () => Promise<void>;
}

async function openOffice(folder: string, clock: () => number): Promise<OpenOffice> {
  const scheme = await readSchemeFile(SANDBOX_SCHEME);
  const opened = await openNodeBackend({
    database: { directory: join(folder, DATABASE_FOLDER) },
    scheme,
    clock,
    log: () => undefined,
    ownImage: (await bundleTrustedApp()).code,
  });
  const { backend, store, databaseUrl, close } = opened;
  const bulk = openBulk(opened, scheme, clock);
  return { office: { backend, store, databaseUrl, scheme, clock, bulk }, close };
}
