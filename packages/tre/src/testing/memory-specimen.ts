import type { OpenFresh, Specimen } from '../conformance.ts';
import { type Boot, bootHere } from '../core.ts';
import { hostElement } from '../element.ts';
import { emptyDisk } from '../memory/disk.ts';
import { noFaults } from '../memory/faults.ts';
import { memoryHost } from '../memory/host.ts';
import { seededRandom } from '../memory/random.ts';
import type { Host } from '../port.ts';
import { TEST_IDENTITY } from './identity.ts';

/**
 * Makes specimens on {@link memoryHost}s, each with randomness of its own. `spoil` may put something
 * in the host's way, `boot` the trusted application in another engine.
 */
export function memorySpecimens(
  options: { readonly spoil?: (host: Host) => Host; readonly boot?: Boot } = {},
): OpenFresh {
  let count = 0;
  return ({ clock }) => {
    const faults = noFaults();
    const disk = emptyDisk();
    const random = seededRandom(`specimen ${count++}`);
    const specimen: Specimen = {
      faults,
      open: () => {
        const host = memoryHost({ disk, random, clock, faults });
        return hostElement(options.spoil?.(host) ?? host, options.boot ?? bootHere(TEST_IDENTITY));
      },
      cutPower: () => Promise.resolve(),
      dispose: () => Promise.resolve(),
    };
    return Promise.resolve(specimen);
  };
}
