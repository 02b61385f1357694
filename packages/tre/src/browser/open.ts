import type { Bytes, Result } from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { type ImageOptions, launch } from '../image/launch.ts';
import type { Element } from '../port.ts';
import type { Surroundings } from '../surroundings.ts';
import { startEngine } from '../virtual-se/engine.ts';
import { openHost, type Vault } from './host.ts';
import { startMachine } from './machine.ts';
import { inStorage, type Storage } from './storage.ts';

/** What makes one environment in browsers another than the next. */
export interface BrowserEnvironment {
  /** As enrolments and reports name it. */
  readonly name: string;
  readonly vaultIn: (storage: Storage) => Promise<Vault>;
}

export interface BrowserOptions extends Surroundings, ImageOptions {
  /** Tells this purse from others of the same origin. */
  readonly purse: string;
  /** The virtual machine that the image runs in: the file of {@link machineFile}. */
  readonly machine: Bytes;
}

/**
 * Opens a purse in the storage of this origin. Fails with BUSY, STORAGE_FAILED, TAMPERED, and what an image may
 * be refused with (TS-IMG-2, TS-IMG-3).
 */
export function openInBrowser(
  { name, vaultIn }: BrowserEnvironment,
  options: BrowserOptions,
): Promise<Result<Element>> {
  return inStorage(`tallystick ${name} ${options.purse}`, async (storage) => {
    try {
      const host = await openHost(storage, await vaultIn(storage), options);
      if (!host.ok) {
        storage.close();
        return host;
      }
      // From here on the host is the element's, and closes the storage.
      return await launch(host.value, {
        ...options,
        environment: name,
        engine: engineOn(options.machine),
        verify: softwareVerify,
      });
    } catch (error) {
      storage.close();
      throw error;
    }
  });
}

function engineOn(machine: Bytes) {
  return async (code: Bytes): Promise<(call: Bytes) => Bytes> => {
    const engine = startEngine(await startMachine(machine), code);
    return (call) => engine.call('call', call);
  };
}
