import type { OpenFresh, Specimen } from '../conformance.ts';
import { cutNow, type Faults, noFaults, PowerFailure } from '../memory/faults.ts';
import { hostIn, launchHere } from '../node/open.ts';
import { PLAIN, type StretchCost } from '../plain-process/index.ts';
import type { ImageHost } from '../port.ts';
import { TEST_PUBLISHER, testImage } from './image.ts';
import { ModelledDisk } from './modelled-folder.ts';

/** As cheap as scrypt can be: the tests spare their time, not the PIN. */
export const CHEAP_STRETCH: StretchCost = { n: 2, r: 1, p: 1 };

/** Makes specimens on modelled disks, which lose power and fill up. */
export function modelledSpecimens(): OpenFresh {
  let count = 0;
  return ({ clock }) => {
    const disk = new ModelledDisk(`disk ${count++}`);
    const faults = noFaults();
    const specimen: Specimen = {
      faults,
      open: async () => {
        const host = await hostIn(disk.folder(), PLAIN, {
          clock,
          stretchCost: CHEAP_STRETCH,
          compactAboveBytes: 256,
        });
        if (!host.ok) return host;
        const images = { publisher: TEST_PUBLISHER, image: await testImage() };
        return launchHere(faultyHost(host.value, faults, disk), PLAIN, images);
      },
      cutPower: async () => disk.losePower(),
      dispose: () => Promise.resolve(),
    };
    return Promise.resolve(specimen);
  };
}

/** Changes that a commit makes to the disk before its state is renamed into place. */
const CHANGES_BEFORE_STATE = 4;

/** A host whose disk strikes when the faults say so. */
function faultyHost(host: ImageHost, faults: Faults, disk: ModelledDisk): ImageHost {
  let torn = 0;
  return {
    get manifest() {
      return host.manifest;
    },
    readCode: () => host.readCode(),
    install: (image) => host.install(image),
    load: () => host.load(),
    truncateLog: (end) => host.truncateLog(end),
    close: () => host.close(),
    carryOut: async (effect) => {
      if (effect.kind === 'commit' && faults.commitsToRefuse > 0) {
        faults.commitsToRefuse -= 1;
        disk.strike(faults.commitsToRefuse % CHANGES_BEFORE_STATE, 'full');
      }
      const cut = cutNow(faults);
      if (cut === 'torn') disk.strike(torn++ % CHANGES_BEFORE_STATE, 'power');
      const answer = cut === 'before' ? null : await host.carryOut(effect);
      if (cut === null) return answer;
      disk.losePower();
      throw new PowerFailure();
    },
  };
}
